# Completion: what bash makes of keys on a terminal, in a project with files and folders that must not get in the way. What
# the other shells make of it is in completion_zsh.sh and completion_fish.sh.
command -v python3 >/dev/null || { echo 'no python3'; exit 77; }
labelled_project 9
eyenet split main --test 0.3 --val 0.3 >/dev/null
eyenet augment plain >/dev/null
eyenet subset training "SELECT variant_id FROM variants WHERE part = 'train'" >/dev/null
# A name that a shell would run, if it were let.
eyenet subset 'a $(touch ran)' "SELECT variant_id FROM variants WHERE part = 'val'" >/dev/null
mkdir -p runs photos 'my folder/inner'
touch tiny.net 'my folder/a b.csv' evaluate.txt
eyenet completion bash >complete.bash
python3 "$TESTS/complete.py" complete.bash <<'END'
eyenet tr<TAB>
eyenet run<TAB>
eyenet l<TAB>
eyenet label <TAB>
eyenet label import --sch<TAB>
eyenet label import --scheme <ALL>
eyenet label import my<TAB>
eyenet label import my\ folder/a<TAB>
eyenet help sp<TAB>
eyenet -C . completion <ALL>
eyenet -C my<TAB>
eyenet augment s<TAB>
eyenet split one --stratify <ALL>
eyenet train <TAB>
eyenet train --subset tr<TAB>
eyenet train --subset <ALL>
eyenet train --subset training --mo<TAB>
eyenet train --subset training <ALL>
eyenet train --model=<ALL>
eyenet train --model=q<TAB>
eyenet train --model q<TAB>
eyenet train --model ti<TAB>
eyenet train -s <ALL>
eyenet runs <ALL>
eyenet augment seed <ALL>
eyenet completion -q bash <ALL>
eyenet evaluate first <ALL>
eyenet predict first ti<TAB>
eyenet evaluate --part <ALL>
eyenet evaluate --part test ev<TAB>
eyenet --v<TAB>
END
[ ! -e ran ] || echo 'A NAME WAS RUN'
eyenet -C "$PWD" completion bash >/dev/null && cd / && python3 "$TESTS/complete.py" "$OLDPWD/complete.bash" <<END | sed "s#$OLDPWD#PROJECT#g"
eyenet -C $OLDPWD train --subset tr<TAB>
END
cd "$OLDPWD" || exit
bash -n complete.bash
