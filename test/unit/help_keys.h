/*
 * help_keys.h - whole keys for the short ones in the examples of tools/help.def
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Each is a public key of its own, or what its name says: a certificate, a
 * private key that nothing else uses, a key with a fault.
 */
#ifndef UNIT_HELP_KEYS_H
#define UNIT_HELP_KEYS_H

#define RSA512 \
	"MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALkJ7k5/F2akDHvStvQdORxRZibQRvX0" \
	"jxsfP7swscYMIXuII9Tfj85urNoDYKS1wNYCXY7WEBrDs6DZQ0UeQVECAwEAAQ=="
#define RSA2040 \
	"MIIBITANBgkqhkiG9w0BAQEFAAOCAQ4AMIIBCQKCAQAAoUq9GDmMCEneVt/IN3Gu" \
	"gHZiovQw7O112W4N59d7WT0jt3HZDD/a4dZFLgNAAh0A73WQrVeakG4Mqoy2OWei" \
	"naHccOAgH6k1k/Cstg5RXD+x6JUkWxLwMGZGlWkG5Z3+HhAgYz97DtkHc6yEULUX" \
	"Cp9OkjxoBgwh0x46JuWUYKLOujxxJ0QcaNKQl6q217ugTkQJawFq9Sz1qhlNdpA1" \
	"bXv6F1Qf7grHj98r3SLqJxpjjOYzQzFZfbTs2R4/y88UAUNX00OU4FGw9nUCXC9b" \
	"27QeJNfDasaWCdAGUyY1ozANhRohxHAPiihntArUqr3qQOO1BaIfemBgcVjzM2nd" \
	"AgMBAAE="
#define RSA4096 \
	"MIICIjANBgkqhkiG9w0BAQEFAAOCAg8AMIICCgKCAgEApNNt/4YUhhrMI8v0SWdp" \
	"STNUnwPtRG+rzYlcknCORPWSRH+gCmJelaZpZgUPMTRUazhwdyo4BPO4TpvDyQMq" \
	"cCcSY86kHlc/eTwTqT7wgo9cZfcgM7VMuoSenrvBhkmjgtb+dXQopFaW/bSBU5U9" \
	"x2LESMSGSP3oLeOtl9r8r1hSryZIyhI3kM4Qfk1PRdHU7Qw+/240Eup4opBcjN1J" \
	"sfuid4u4dRisoaKWMqOUJvUR4prkhrWexrlICV8Qx9Z0f6yV6+qZ6jedqIOGZZPU" \
	"JiQ9yN2Rz44MjqnLvZ3Gxzc12PpZE8adwFUhpj+X5p3sMr8qC8iN/OrS5dyYDKlw" \
	"Cj6p3eyxNTbfWdr6sQdhITJ4UCDaOClfpepydYy5DxiTSO3x50j6+pOXMBvJ+rh8" \
	"EDVRoVwpHXmcTON6zFX+1s5/Q3upla7Nj6HveggbVvKdjvfYrHrFMTU/YG0mAJPF" \
	"JX2ilSu/klaRIAGnncdvECYyiH3ggqWndPZpj6wxHxzZ5Z2GD9U66KFhBfCx627K" \
	"qnpNC3W2IDg+phQf1HcCPJP94adogJ7+Q/0Y2jiu1QOqcWvFKJY6YtvRh1FXHSzq" \
	"n5DtYIdTYH3SiLmyJY6C7c9QEyvTuex/26szIqIxEugv6bjhSNETZ2NKadekfPW4" \
	"dEKQQdEvuNL+zE4q2+FaAp0CAwEAAQ=="
#define RSA8192 \
	"MIIEIjANBgkqhkiG9w0BAQEFAAOCBA8AMIIECgKCBAEAr7sFtzUL/biwGh1o43nf" \
	"jHjV/fh3RxHMgA4hT//QH/myCYbvnwRQXqqHPx4Tk3R7gHMw1Pta/2L0p1DLvip6" \
	"HMCzByqsN6y6KqkQ/09qiBdMNWv+BWAy3dNC214Mu3Ss3FUU+dSr8Asy/5RvleF/" \
	"+lgaC0K+aWPlsnbc19tHqsMzvZqnfVY3vz+03Rj46EuoCZX2rvJHb5oXvxgpMZbL" \
	"gJ8EE6LvKogGyojDLcL0m1ouFbQR97w+YfEGKRXD2w2egdc9d2fYCIDwalDDOKMf" \
	"CFC6RnmrN3bsNV5EcgWFLRoXQdDdW+BcMNkYMjOXuSQI6Lwe+Q1GYzF2Qo+1PJVf" \
	"OL8NK87nRprLnHwR3VdMIs0hhJ+Gg8Gt0vRRB0doMzQ4DAuEq/QyzC4IIj09pZoT" \
	"q6XJbl1Ppq0YgAU4e4xzdwfxXTH3euFs58sjMbiDCe9aDzvgDaEOiK5pfM4LbuAg" \
	"j7lAKn3Ev/WC6Pwl6ge2IseEfgEzwFOFY/Xrdqy8BFylNF7QUQc66TQGum7wZ/ac" \
	"Qv63GEJKMyZeBMDjWA24uW9MEz+zb8t5mSUHt8Q5rC/Bd+s7z8yMvswwwp1QT2UN" \
	"uasn9yw1fn9gW3goOMaKxCBj31a/H52jpoBtkJUWW0gOV9gqqXkwEnRv2h53M9jo" \
	"A015sZdZx3tkLyl9OaLcwPBHC2aZ6DwSn8/PzJ05MlELYaZbi8CHoV5ttQo8DDDJ" \
	"LRxOkgO2lwvEPOM727WNOSnc7EHK3BKx975XPVgKggBok7a/JOg8HgCVnJxJABLV" \
	"deqkzWjzrvmYuRa+BQQrVjV/3qa6WCg8//9SuWviUecJMyPz+UcZFJvFb5geGX0r" \
	"pqldxzO8edzZDI4OwxVi1q9zsMWKGT543k4UZXNMl5Sj38Dj9a6zvrvNJ9aDFUlO" \
	"qZKUy4SQbsKQCgzqLld1pHMU0VUm3OHQds7bBEXujpThHGxtg2yMmgipko4NDfB7" \
	"HvGtS2tKSmgXlLy+g5l0dZ6atvuZiw3UWkexUgptzeKqL721wKskm+YjRcBhnlm+" \
	"tKL52yBjTTqxw7ulpGaXDzkxMd4DRAopj16bFYhvSSzBfatVPxXtAhMxzD1qBIAZ" \
	"5ZAo1Ahp/dLsUQ/vBnx3d+Y99ErZe5UoaoIh3fo44ncoKk2ugn4EGEpCLKR4BrlP" \
	"YR5lHzmnjAJMSfro/a1R0OFoPa1n0CUfbofObJY4Dh7pmJhzmiMB0tqpDN5P1hl4" \
	"Qf/gvNzb2jdTAkR0TYeY4A/FaAUCmHN4n3It/+5+HOL2VwBdfuq77tK96EjsBWwO" \
	"RCuO+x4+45HOiJ+i+wMiw3SYXpQULhy6XMjsCoB/c2rQ6z3HrSVTDd/2y2VJalX5" \
	"cQIDAQAB"
#define RSA_E3 \
	"MIIBIDANBgkqhkiG9w0BAQEFAAOCAQ0AMIIBCAKCAQEAmhXDIu/Tue/8CjMaedJx" \
	"lov9CfO+am+0Z0eDu3J0ZblqdUekGS+zs6prRJIFuQSYybZN45AbCnKLp9OYTFe3" \
	"II3bIzOFbkDHFE7ZmOFBM72I0E9UQWMkK3kG2exZh4npywLJAtM4RuXK0luD0dnb" \
	"sfs/+Nol3XXcNq8S1NW4QdbzJKOD+xllffupE+GPv9lJNEwDK4dzJ8rrq4+1oRsT" \
	"j3r5UhEnl6f9jPQuL7xYp6ys2DEt840tG8yf2Dw6uRdZqT61sDGFevtzxRJrC6k5" \
	"ZCXd+yXbHcOJgE6YV0324An7b1lr8jsZ9rSWAuMWq5H13cwYbL/Jru8SJMw0u/3t" \
	"kQIBAw=="
#define RSA_EVEN \
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDHaZUbEJqYDVL/AD/OCrqylN5F" \
	"rali+tbS7irKGoelX/k++yFF5etYoAy/e2owELnpimzgLdeHccCEkLh4OARFMtXC" \
	"KIie45Y8taSeOoisS9rHfGXgHeJAlZjXDYaam1DnBDMh3B/NyCNlMpmsDd9Bfh3e" \
	"0qAJjyVsA8YJJv2qmgIDAQAB"
#define RSA_OF_RFC \
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkM" \
	"oGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/R" \
	"tdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToI" \
	"MmPSPDdQPNUYckcQ2QIDAQAB"
#define RSA_URL \
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCyqQ9L3pPo1IRuG_kUv2zU4HdP" \
	"EisGM3yqlB_ruRE-6mxk9ufBZ_bLkoAYILCrpPLCcnDkSgEXh4-OtlBZQq7bDDho" \
	"H-ybY9RM5neFhH_GPxXAIhLIdbAP_aHjpATGDmSIP7ZHIW7LaTYApVRTb0rmvipD" \
	"d2dMOZX1kfxeXuGXaQIDAQAB"
#define RSA_PKCS1 \
	"MIGJAoGBAMdplRsQmpgNUv8AP84KurKU3kWtqWL61tLuKsoah6Vf+T77IUXl61ig" \
	"DL97ajAQuemKbOAt14dxwISQuHg4BEUy1cIoiJ7jljy1pJ46iKxL2sd8ZeAd4kCV" \
	"mNcNhpqbUOcEMyHcH83II2UymawN30F+Hd7SoAmPJWwDxgkm/aqbAgMBAAE="
#define RSA_SSH \
	"AAAAB3NzaC1yc2EAAAADAQABAAAAgQDHaZUbEJqYDVL/AD/OCrqylN5Frali+tbS" \
	"7irKGoelX/k++yFF5etYoAy/e2owELnpimzgLdeHccCEkLh4OARFMtXCKIie45Y8" \
	"taSeOoisS9rHfGXgHeJAlZjXDYaam1DnBDMh3B/NyCNlMpmsDd9Bfh3e0qAJjyVs" \
	"A8YJJv2qmw=="
#define RSA_NOPARAMS \
	"MIGdMAsGCSqGSIb3DQEBAQOBjQAwgYkCgYEAx2mVGxCamA1S/wA/zgq6spTeRa2p" \
	"YvrW0u4qyhqHpV/5PvshReXrWKAMv3tqMBC56Yps4C3Xh3HAhJC4eDgERTLVwiiI" \
	"nuOWPLWknjqIrEvax3xl4B3iQJWY1w2GmptQ5wQzIdwfzcgjZTKZrA3fQX4d3tKg" \
	"CY8lbAPGCSb9qpsCAwEAAQ=="
#define RSA_TRAILING \
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDHaZUbEJqYDVL/AD/OCrqylN5F" \
	"rali+tbS7irKGoelX/k++yFF5etYoAy/e2owELnpimzgLdeHccCEkLh4OARFMtXC" \
	"KIie45Y8taSeOoisS9rHfGXgHeJAlZjXDYaam1DnBDMh3B/NyCNlMpmsDd9Bfh3e" \
	"0qAJjyVsA8YJJv2qmwIDAQABAAAA"
#define RSA_CERT \
	"MIIBoDCCAQmgAwIBAgIBATANBgkqhkiG9w0BAQsFADAWMRQwEgYDVQQDDAtleGFt" \
	"cGxlLmNvbTAeFw0yNjA2MDEwMDAwMDBaFw0yNzA2MDEwMDAwMDBaMBYxFDASBgNV" \
	"BAMMC2V4YW1wbGUuY29tMIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDHaZUb" \
	"EJqYDVL/AD/OCrqylN5Frali+tbS7irKGoelX/k++yFF5etYoAy/e2owELnpimzg" \
	"LdeHccCEkLh4OARFMtXCKIie45Y8taSeOoisS9rHfGXgHeJAlZjXDYaam1DnBDMh" \
	"3B/NyCNlMpmsDd9Bfh3e0qAJjyVsA8YJJv2qmwIDAQABMA0GCSqGSIb3DQEBCwUA" \
	"A4GBAIhmUL4X/B2W4RaNOeI8VMEPxBdNti2qCzBBgd7tUhRr497nAgQVS0zTlUMR" \
	"w9pqpoufRwOfM1SR50mpfsPVxCqoZBf7/HLRWBELqAsDDgXD9Y8ZptBt+9+/FHjj" \
	"oihkhA76ez4ENOytgUraP084sbCrUQmDJB8YW2BFM9mkGlY0"
#define RSA_PRIVATE \
	"MIICdQIBADANBgkqhkiG9w0BAQEFAASCAl8wggJbAgEAAoGBAMdplRsQmpgNUv8A" \
	"P84KurKU3kWtqWL61tLuKsoah6Vf+T77IUXl61igDL97ajAQuemKbOAt14dxwISQ" \
	"uHg4BEUy1cIoiJ7jljy1pJ46iKxL2sd8ZeAd4kCVmNcNhpqbUOcEMyHcH83II2Uy" \
	"mawN30F+Hd7SoAmPJWwDxgkm/aqbAgMBAAECgYBFkoesDqnxHMz1HNAmAcZLYfb+" \
	"lm0/lEZ5BxE0u/bRct+R4qokKehnXke0UsmkhWFnop0Dxdqpbb1+QsOpZdnO8NqW" \
	"E/6Vh2HdN41LHyFgSx1DXObC5QL+wyLjLssKfuTZf5wF9Vr741p3xz/Psjh++tan" \
	"vALjgXz9D69OFcjrIQJBAO70cFLQ58AsSm20hrfRRaQm3Oehp+e1QUi7sWyioKDN" \
	"j9zXN7ewowbF7zY1g6xmjfOA6t7DLWEHJIYt6kRRMlECQQDVow8Ce89juzlIR3tA" \
	"m9evmd5l2myADJkfaVG49bJeY9o7r3cTQo8O0OoDyQkhxkE8d9HxQhy+f5FSWb/c" \
	"2gcrAkBsnwL8MmhWrAt9SQXAQ0nz75KVXJ+1rWgqxt9FMbvwvOC7k72JK6s/5fPy" \
	"YWskkE3QtfaOIozbQWLx96c5POuxAkBfoeuBKB0xPskoot74kAqgD9fvbjRtqbYN" \
	"yp6LlmivOjGh0C0UkRHrBvgKk76jwNTJFbYEMp0dZYuO+qAZY/wbAkB5Yys3i4qk" \
	"DAQN9tDz/4TFspm2Iv1odYoQYvcKkFAT6Fis+Qz7LkNZ/YfWaIuQkQyLPOkIiiAq" \
	"FjU8P0jbR1id"
#define MANY_RUA \
	"mailto:dmarc-reports-1@reports.example.com,mailto:dmarc-reports-" \
	"2@reports.example.com,mailto:dmarc-reports-3@reports.example.com" \
	",mailto:dmarc-reports-4@reports.example.com,mailto:dmarc-reports" \
	"-5@reports.example.com,mailto:dmarc-reports-6@reports.example.co" \
	"m,mailto:dmarc-reports-7@reports.example.com,"

#endif /* UNIT_HELP_KEYS_H */
