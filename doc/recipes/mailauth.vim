" Vim: ":compiler mailauth", then ":make zones/" fills the list of faults.
" It goes to ~/.vim/compiler/mailauth.vim.
let current_compiler = "mailauth"
CompilerSet makeprg=unbound-mailauth\ lint\ --color=never
CompilerSet errorformat=%f:%l:%c:\ %t%*[a-z]:\ %m,%f:%l:\ %t%*[a-z]:\ %m,%f:\ %t%*[a-z]:\ %m,%-G%.%#
