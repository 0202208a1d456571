/** The shells that there is completion for. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * Each script hands the words to `nsatlas completion --words` and gets back a line that says what the shell itself is to offer
 * besides, then a line a candidate: the word, a tab, what it is. So the three are short, and know nothing of nsatlas.
 */
export const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# nsatlas completion for bash 4.2 and later: source <(nsatlas completion bash)
_nsatlas() {
  local line=\${COMP_LINE:0:COMP_POINT} cur=\${COMP_WORDS[COMP_CWORD]} word first='' value
  local -a words
  # Bash parts words at : and = too; here only blanks part them.
  read -ra words <<< "$line"
  case $line in *[[:blank:]]) words+=('');; esac
  word=\${words[\${#words[@]}-1]}
  # What bash takes for the word begins behind the last : or = of it.
  local head=\${word%"\${word##*[:=]}"}
  case $COMP_WORDBREAKS in *:*) ;; *) head='';; esac
  COMPREPLY=()
  while IFS=$'\\t' read -r value _; do
    if [[ -z $first ]]; then first=$value; continue; fi
    COMPREPLY+=("\${value#"$head"}")
  done < <("\${words[0]}" completion --words -- "\${words[@]:1}" 2>/dev/null)
  case $first in
    files) compopt -o filenames; COMPREPLY+=($(compgen -f -- "$cur"));;
    command) compopt -o filenames; COMPREPLY+=($(compgen -c -f -- "$cur"));;
    open) compopt -o nospace;;
  esac
}
complete -F _nsatlas nsatlas
`,
  zsh: `#compdef nsatlas
# nsatlas completion for zsh: source <(nsatlas completion zsh), after compinit
_nsatlas() {
  local -a lines values
  local line first
  lines=("\${(@f)$("\${words[1]}" completion --words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  first=$lines[1]
  for line in "\${(@)lines[2,-1]}"; do
    # _describe parts the word from what it is at a colon.
    values+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  case $first in
    files) _files;;
    command) _normal -p nsatlas;;
    open) _describe -t nsatlas nsatlas values -S ''; return;;
  esac
  (( $#values )) && _describe -t nsatlas nsatlas values
}
(( $+functions[compdef] )) && compdef _nsatlas nsatlas
`,
  fish: `# nsatlas completion for fish: nsatlas completion fish | source
function __nsatlas_words
    set -l words (commandline -opc) (commandline -ct)
    set -l lines ($words[1] completion --words -- $words[2..-1] 2>/dev/null)
    if contains -- "$lines[1]" files command
        __fish_complete_path (commandline -ct)
    end
    for line in $lines[2..-1]
        echo $line
    end
end
complete -c nsatlas -f -a '(__nsatlas_words)'
`,
};
