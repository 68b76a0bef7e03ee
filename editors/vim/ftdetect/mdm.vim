" Made by `mdm editors`; change it there.
autocmd BufNewFile,BufRead *.mdm setfiletype mdm
