# Several runs become one: an ensemble with a decision of its own, which other commands take for any other run.
eyes_project
eyenet augment plain -q >/dev/null
eyenet split thirds --test 0.25 --folds 3 >/dev/null
train() { eyenet train --folds thirds --model ../tiny.net --epochs 2 -q "$@" 2>&1; }
show 'eyenet train --folds thirds --model ../tiny.net --target eye --epochs 2 --name cv 2>&1 | grep "run combine"'
train --target "'grade' || (grade >= 2)" --name other >/dev/null
unchanged 'eyenet run combine cv cv-1'
unchanged 'eyenet run combine cv cv-1,cv-1'
unchanged 'eyenet run combine cv cv-1,cv-4'
unchanged 'eyenet run combine cv cv-1,other-2'
unchanged 'eyenet run combine cv-1 cv-2,cv-3'
unchanged 'eyenet run combine cv'
show 'eyenet run combine cv cv-1,cv-2,cv-3 | grep -v -e seconds -e uuid | sed "s/[0-9]\.[0-9]*/N/"'
show 'eyenet run combine turned cv-1,cv-2,cv-3 --views --csv | cut -d, -f1-8'
unchanged 'eyenet run combine more cv cv-1'
show "eyenet runs show cv | grep -E '^run +(origin|members|views|state|target)|^setting' | grep -v calibration"
show "eyenet sql \"SELECT run, origin, members, views FROM runs WHERE members IS NOT NULL\""
show 'eyenet evaluate cv | head -n 14 | grep -v sha256'
unchanged 'eyenet evaluate cv --part val'
show 'eyenet evaluate turned --part test | head -n 4 | tail -n 1'
eyenet evaluate cv-1 --part test -q >/dev/null
show 'eyenet compare cv cv-1 | head -n 2'
show 'eyenet runs | grep -E "^(run|cv |turned)" | tr -s " -" | sed "s/[0-9]\.[0-9]*/N/g"'
show 'eyenet predict cv ../eyes/train/1_left.jpeg --at sensitivity | tail -n 1 | sed "s/[0-9]\.[0-9]*/N/"'
show 'eyenet predict turned ../eyes/train/1_left.jpeg | tail -n 1'
unchanged 'eyenet predict cv ../eyes/train/1_left.jpeg --views'
unchanged 'eyenet predict cv,cv-1 ../eyes/train/1_left.jpeg'
unchanged 'eyenet predict cv ../eyes/train/1_left.jpeg --explain'
show 'eyenet predict cv ../eyes/train/1_left.jpeg --fhir | grep -c DiagnosticReport'
show 'eyenet report cv --out ../page.html -q --csv | head -n 1 | cut -d, -f1-3; sed "s/<[^>]*>//g" ../page.html | grep -A4 "^Each member" | cut -c1-120'
unchanged 'eyenet report cv --checklist tripod-ai --format md --out ../list.md'
show 'eyenet promote cv | grep -e alias -e ^run -e reason'
for c in 'reproduce cv' 'embed cv' 'export onnx cv -o ../x.onnx' 'export coreml cv -o ../x.mlmodel' 'train --resume cv'; do
    unchanged "eyenet $c"
done
show 'eyenet export tensorboard cv -o ../boards -q --csv | cut -d, -f1,3-5'
# Photographs of one eye or patient, as their names say.
P='../eyes/train/2_left.jpeg ../eyes/train/1_left.jpeg ../eyes/train/1_right.jpeg'
show "eyenet predict cv $P --unit patient | sed 's/[0-9]\.[0-9]*/N/g'"
show "eyenet predict cv $P --unit eye --csv | cut -d, -f1-4"
show "eyenet predict cv $P --unit patient --combine mean --csv | cut -d, -f1-3"
unchanged "eyenet predict cv $P --unit patient --fhir"
unchanged "eyenet predict cv $P --combine mean"
unchanged "eyenet predict cv-1 $P --unit patient --explain"
unchanged 'eyenet run combine both cv-1,cv-2,cv-3 --fellow'
# A member goes after its ensembles, and comes back before them.
unchanged 'eyenet runs rm cv-1'
show 'eyenet runs rm cv turned --csv -q | cut -d, -f1'
show 'eyenet runs rm cv-1 --csv -q | cut -d, -f1'
unchanged 'eyenet runs restore cv'
unchanged 'eyenet runs gc cv-1 -q'
show 'eyenet runs restore cv-1 --csv -q | cut -d, -f1'
show 'eyenet runs restore cv --csv -q | cut -d, -f1'
show 'eyenet doctor --csv | grep -v -e ^ok -e sqlite | cut -d, -f1-2'
show 'eyenet backup ../kept -q | grep -c . && eyenet restore ../kept ../again -q >/dev/null && eyenet -C ../again predict cv ../eyes/train/1_left.jpeg | tail -n 1'
show 'eyenet runs rm cv cv-1 --csv -q | cut -d, -f1; eyenet runs gc --csv -q | cut -d, -f1'
