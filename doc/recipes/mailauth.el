;; Emacs: M-x compile RET unbound-mailauth lint zones/ RET finds the lines.
(require 'compile)
(add-to-list 'compilation-error-regexp-alist-alist
             '(mailauth
               "^\\([^:\n]+\\):\\([0-9]+\\)\\(?::\\([0-9]+\\)\\)?: \\(?:fail\\|\\(warn\\)\\|\\(notice\\|info\\)\\): "
               1 2 3 (4 . 5)))
(add-to-list 'compilation-error-regexp-alist 'mailauth)
