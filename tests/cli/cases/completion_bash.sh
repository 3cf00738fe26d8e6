# The bash stub, called as bash calls it: words as they were typed, parted at "=". What bash makes of it at a terminal is
# in completion.sh.
labelled_project 9
eyenet split main --test 0.3 --val 0.3 >/dev/null
eyenet augment plain >/dev/null
eyenet subset 'a b' "SELECT variant_id FROM variants WHERE part = 'val'" >/dev/null
. <(eyenet completion bash)
compopt() { COMPREPLY+=("<$2>"); }
c() { # WORDS...: what bash offers for the last of them
  COMPREPLY=() COMP_WORDS=(eyenet "$@") COMP_CWORD=$#
  _eyenet
  printf '%s -> %s\n' "$*" "${COMPREPLY[*]}"
}
complete -p eyenet
eyenet completion bash | wc -l
c tr
c label ''
c help label i
c augment ''
c label import --scheme = e
c label import --scheme =
c label import --scheme=e
c train --subset ''
c train --subset 'a\ '
c train --subset '"a'
c train --model ''
c init ''
HOME=$PWD
cd / && c -C '~' train -s a
