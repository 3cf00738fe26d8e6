# What may follow on a command line, by many lists of words; the last of them, '' where there is none yet, is completed.
labelled_project 9
eyenet split main --test 0.3 --val 0.3 >/dev/null
eyenet augment plain >/dev/null
eyenet subset training "SELECT variant_id FROM variants WHERE part = 'train'" >/dev/null
eyenet subset 'a $(touch ran)' "SELECT variant_id FROM variants WHERE part = 'val'" >/dev/null
c() { # WORDS...: the candidates on one line
  printf '%s ->' "$*"
  eyenet __complete -- "$@" >"$SAID/candidates" || printf ' [%s]' $?
  sed 's/\t/TAB:/' "$SAID/candidates" | tr '\n' '|' | sed -e 's/^/ /' -e 's/|$//'
  echo
}
echo '# commands'
c ''
c
c tr
c x
c label ''
c label x
c label import x
c -C . lab
c -q ''
c banana ''
c train x ''
echo '# help'
c help ''
c help l
c help label ''
c help label import ''
c help train ''
c help --m
echo '# options'
c --
c -
c --v
c --version --
c train --
c train --su
c train -s x --su
c train --subset=x --s
c train --mixed-parts --m
c train --sub x --su
c -C . runs --
c runs -q --
c report x --no
c report --no-html --
c report --out x --
c sql --json --
c evaluate --part test --
c evaluate --subset x --p
c label import x --
c --quiet --
c help -- --m
c nonsense --
c train --nonsense --su
echo '# values'
c label import --scheme ''
c label import --scheme i
c label import --scheme=e
c label import --scheme = e
c label import --scheme =
c label import --unknown ''
c split one --stratify ''
c report --chart-format p
c evaluate -p ''
c evaluate --part
c train --epochs ''
c train --epochs=
c train --banana=
c train --model ''
c train -m q
c train --model=q
c -C ''
c --project=
c train -C ''
c report --charts ''
echo '# arguments'
c augment ''
c augment s
c augment seed ''
c completion ''
c init ''
c fetch ''
c label import ''
c split ''
c train ''
c train --subset x ''
c predict x ''
c predict x y ''
c predict -- ''
c predict -- -
echo '# names in the catalog'
c train --subset ''
c train --subset tr
c train -s tr
c train --val a
c train --subset=t
c evaluate --subset ''
c schema ''
c schema v
c schema --all
mkdir empty elsewhere
c -C empty/../.. train --subset ''
(cd / && c -C "$OLDPWD/elsewhere" train --subset t | sed "s#$OLDPWD#PROJECT#") && (cd / && c train --subset '')
unchanged 'eyenet __complete -- train --subset t'
show 'eyenet __complete'
cp eyenet.db damaged.db && mkdir damaged && head -c 5000 eyenet.db >damaged/eyenet.db
c -C damaged train --subset ''
eyes_project
c report ''
c evaluate f
c predict ''
c predict first ''
c train --subset ''
