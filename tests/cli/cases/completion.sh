# The completion for bash does complete; the others can at least be printed.
eval "$(eyenet completion bash)"
complete_line() {
  COMP_WORDS=("$@")
  COMP_CWORD=$(($# - 1))
  _eyenet
  echo "$* -> ${COMPREPLY[*]}"
}
complete_line eyenet tr
complete_line eyenet label ''
complete_line eyenet label import --sch
complete_line eyenet label import --scheme ''
complete_line eyenet help sp
complete_line eyenet -C . completion ''
complete_line eyenet augment s
complete_line eyenet split one --stratify ''
labelled_project 3
eyenet augment plain >/dev/null
eyenet subset some 'SELECT variant_id FROM variants' >/dev/null
complete_line eyenet train --subset ''
eyenet completion zsh | head -n 1
eyenet completion fish | head -n 1
