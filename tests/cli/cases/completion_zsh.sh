# The zsh stub, with zsh's own part of completion replaced by what prints it.
command -v zsh >/dev/null || { echo 'zsh is not installed: its completion is not tested'; exit 77; }
labelled_project 9
eyenet split main --test 0.3 --val 0.3 >/dev/null
eyenet augment plain >/dev/null
eyenet subset 'a b' "SELECT variant_id FROM variants WHERE part = 'val'" >/dev/null
zsh -f <<'END'
compdef() { print "compdef $*" }
source <(eyenet completion zsh)
compadd() { shift; [[ -z "$*" ]] || offered+=("${(j:|:)@}") }
compset() { }
_files() { offered+=('<files>') }
_directories() { offered+=('<dirs>') }
c() { # WORDS...: what zsh offers for the last of them
  words=(eyenet "$@") CURRENT=$(($# + 1)) offered=()
  _eyenet
  print -r -- "$* -> $offered"
}
c tr
c label ''
c help label i
c augment ''
c label import --scheme=e
c train --subset ''
c train --subset 'a\ '
c train --model ''
c init ''
c runs ''
cd / && HOME=$OLDPWD && c -C '~' train -s a
END
eyenet completion zsh | wc -l
