# Labels that the others speak against: the list, and what is refused.
eyes_project
unchanged 'eyenet suspects'
eyenet embed first -q >/dev/null
unchanged 'eyenet suspects --target gradable'
unchanged 'eyenet suspects --target "grade >= 2" --top 3 --csv | head -n 1'
show 'eyenet suspects --target eye --top 3 --csv | cut -d, -f1,4-6,11,13,14,16-18'
show 'eyenet suspects --target eye --folds 3 --top 0 --json | grep -o "\"rank\"" | wc -l'
show 'eyenet suspects --target eye --top 2 | head -n 3 | sed "s/accuracy.*/.../"'
unchanged 'eyenet suspects --target "grade >"'
unchanged 'eyenet suspects --model other'
unchanged 'eyenet suspects --folds 1'
unchanged 'eyenet suspects --folds 40 --target eye'
