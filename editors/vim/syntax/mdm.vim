" Vim syntax file: mdm. Made by `mdm editors`; change it there.
if exists("b:current_syntax")
  finish
endif

syntax case match
syntax iskeyword @,48-57,_

syntax keyword mdmConstant true false none
syntax keyword mdmWordOperator and or not in
syntax keyword mdmDeclaration let var fn
syntax keyword mdmControl return if else match for while break continue try defer assert expect
syntax match mdmContextual /\<across\ze\s\+seeds/
syntax match mdmContextual /\<as\ze\s\+\h/
syntax match mdmContextual /\<budget\ze(/
syntax match mdmContextual /\<by\ze\s\+[0-9A-Za-z_(-]/
syntax match mdmContextual /\<catch\ze\s\+\%(\h\w*\s*\)\?{/
syntax match mdmContextual /\<mix\ze\s*{/
syntax match mdmContextual /\<param\ze\s\+\h/
syntax match mdmContextual /\<pub\ze\s\+\%(fn\|let\|var\|reward\)\>/
syntax match mdmContextual /\<reward\ze\s\+fn\>/
syntax match mdmContextual /\<seeds\ze(/
syntax match mdmContextual /\<spawn\ze\s\+\h/
syntax match mdmContextual /\<test\ze\s\+"/
syntax match mdmContextual /\<use\ze\s\+[A-Za-z_"]/
syntax match mdmOperator /\*\*=\|\.\.=\|\/\/=\|??=\|!=\|%=\|\*\*\|\*=\|+-\|+=\|-=\|->\|\.\.\|\/\/\|\/=\|<=\|==\|>=\|??\||>\|\~=\|%\|\*\|+\|-\|\/\|<\|=\|>\||/
syntax match mdmFunction /\<\h\w*\ze(/
syntax match mdmFunctionName /\%(\<fn\s\+\)\@<=\h\w*/
syntax match mdmField /\.\@<!\.\h\w*/hs=s+1
syntax match mdmArgument /\<\h\w*\ze\s*:/
syntax match mdmType /\%(:\s*\|->\s*\||\s*\)\@<=\u\w*/
syntax match mdmNumber /\<\d[0-9_]*\%(\.\d[0-9_]*\)\?\%([eE][+-]\?\d\+\)\?\%(\%(GiB\|KiB\|MiB\|TiB\|min\|GB\|KB\|MB\|TB\|ms\|us\|B\|M\|T\|d\|h\|k\|s\)\>\|%\w\@!\)\?/
syntax match mdmNumber /\<0\%([xX]\x[0-9A-Fa-f_]*\|[oO]\o[0-7_]*\|b[01][01_]*\)\>/

syntax match mdmEscape /\\\%(u{\x\+}\|.\)/ contained
syntax region mdmValue matchgroup=mdmBrace start=/{/ end=/}/ contained contains=@mdmCode,mdmNested,mdmFormatSpecification
syntax region mdmNested start=/{/ end=/}/ contained contains=@mdmCode,mdmNested
syntax match mdmEscape /{{\|}}/ contained containedin=mdmFormat,mdmRawFormat
syntax match mdmFormatSpecification /:[^{}"]*\ze}/ contained
syntax region mdmString start=/"/ skip=/\\./ end=/"\|$/ contains=mdmEscape
syntax region mdmString start=/"""/ skip=/\\./ end=/"""/ contains=mdmEscape
syntax region mdmRaw start=/\<r"/ end=/"\|$/
syntax region mdmRaw start=/\<r"""/ end=/"""/
syntax region mdmFormat start=/\<f"/ skip=/\\./ end=/"\|$/ contains=mdmEscape,mdmValue
syntax region mdmFormat start=/\<f"""/ skip=/\\./ end=/"""/ contains=mdmEscape,mdmValue
syntax region mdmRawFormat start=/\<\%(fr\|rf\)"/ end=/"\|$/ contains=mdmValue
syntax region mdmRawFormat start=/\<\%(fr\|rf\)"""/ end=/"""/ contains=mdmValue
syntax cluster mdmCode contains=mdmConstant,mdmWordOperator,mdmDeclaration,mdmControl,mdmOperator,mdmFunction,mdmField,mdmArgument,mdmNumber,mdmString,mdmRaw,mdmFormat,mdmRawFormat

syntax match mdmComment /#.*$/ contains=@Spell,mdmTodo
syntax match mdmDocumentation /^\s*##\%([^#]\|$\).*$/ contains=@Spell
syntax match mdmCell /^# %%.*$/
syntax keyword mdmTodo TODO FIXME XXX contained

syntax sync minlines=200

highlight default link mdmConstant Constant
highlight default link mdmWordOperator Operator
highlight default link mdmDeclaration Keyword
highlight default link mdmControl Statement
highlight default link mdmContextual Keyword
highlight default link mdmOperator Operator
highlight default link mdmFunction Function
highlight default link mdmFunctionName Function
highlight default link mdmField Identifier
highlight default link mdmArgument Identifier
highlight default link mdmType Type
highlight default link mdmNumber Number
highlight default link mdmEscape SpecialChar
highlight default link mdmFormatSpecification SpecialChar
highlight default link mdmBrace Delimiter
highlight default link mdmString String
highlight default link mdmRaw String
highlight default link mdmFormat String
highlight default link mdmRawFormat String
highlight default link mdmComment Comment
highlight default link mdmDocumentation SpecialComment
highlight default link mdmCell Title
highlight default link mdmTodo Todo

let b:current_syntax = "mdm"
