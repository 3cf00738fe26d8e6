#!/usr/bin/env bash
# Public collections: stand-ins with their true folders, names and label files, taken in by the very lines of
# docs/collections.md. Every photograph must be accounted for and have its grade, and no patient may be torn apart.
#   tests/cli/collections.sh PROGRAM
set -euo pipefail
program=$(realpath "$1")
doc=$(realpath "$(dirname "$0")/../../docs/collections.md")
scratch=$(mktemp -d "${TMPDIR:-/tmp}/eyenet-collections.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/bin"
ln -s "$program" "$scratch/bin/eyenet"
export PATH="$scratch/bin:$PATH" EYENET_THREADS=2
cd "$scratch"

# Drawn eyes without the phantom's defects, each of them once.
eyenet -q phantom drawn --patients 24 --max-width 200 >/dev/null
eyenet init judge >/dev/null
(cd judge && eyenet -q fetch ../drawn >/dev/null && eyenet -q ingest >/dev/null)
mapfile -t drawn < <(cd judge && eyenet sql --csv "SELECT path FROM images WHERE status = 'accepted' ORDER BY image_id" | tail -n +2)
[ ${#drawn[@]} -ge 30 ]

# photograph PATH GRADE PATIENT [PART [LABELS]]: another drawn eye at the path. The grade is what the catalog must have, the
# patient any word for the person, the part the one that the collection gives, and the labels those of other schemes, as
# 'dme=2 gradable=0' in the order of their names; each empty for none.
photograph() {
  mkdir -p "$(dirname "$collection/$1")"
  cp "judge/${drawn[placed]}" "$collection/$1"
  placed=$((placed + 1))
  printf '%s|%s|%s|%s|%s\n' "$1" "$2" "$3" "${4:-}" "${5:-}" >>"$collection.expected"
}

# collection NAME: begins one.
collection() {
  collection=$1 placed=0
  mkdir "$1"
  : >"$1.expected"
}

failed=0
# check HEADING: runs the section's lines in a new project and compares.
check() {
  eyenet init project >/dev/null
  awk -v heading="## $1" '$0 == heading {here = 1; next} /^## / {here = 0} here && /^```/ {code = $0 == "```sh"; next}
    here && code' "$doc" >lines.sh
  [ -s lines.sh ] || { echo "docs/collections.md: no lines under '$1'"; exit 1; }
  (cd project && bash -euo pipefail ../lines.sh) >"$collection.said" 2>&1 || {
    cat "$collection.said"
    echo "failed: the lines of $1"
    exit 1
  }
  (cd project && eyenet sql --csv "SELECT substr(path, instr(substr(path, 8), '/') + 8) || '|' || ifnull(grade, '')
      || '|' || ifnull(part, '') || '|' || status || '|' || ifnull((SELECT group_concat(scheme || '=' || grade, ' ')
      FROM (SELECT l.scheme, l.grade FROM labels l WHERE l.image_id = images.image_id AND l.scheme <> 'icdr' ORDER BY l.scheme)), '')
      AS row FROM images") | tail -n +2 | tr -d '"' | sort >"$collection.found"
  awk -F'|' -v name="$1" '
    NR == FNR {grade[$1] = $2; person[$1] = $3; part[$1] = $4; labels[$1] = $5; left++; next}
    !($1 in grade) {print name ": " $1 " was not placed"; bad = 1; next}
    {left--}
    $4 != "accepted" {print name ": " $1 " is " $4; bad = 1}
    $2 != grade[$1] {print name ": " $1 " has grade \"" $2 "\", not \"" grade[$1] "\""; bad = 1}
    $5 != labels[$1] {print name ": " $1 " has the labels \"" $5 "\", not \"" labels[$1] "\""; bad = 1}
    $3 == "" {print name ": " $1 " has no part"; bad = 1}
    part[$1] != "" && $3 != part[$1] {print name ": " $1 " is in " $3 ", not " part[$1]; bad = 1}
    person[$1] in parts && parts[person[$1]] != $3 {print name ": patient " person[$1] " is torn apart"; bad = 1}
    {parts[person[$1]] = $3}
    END {if (left > 0) {print name ": " left " photographs are lost"; bad = 1}; exit bad}
  ' "$collection.expected" "$collection.found" || failed=1
  echo "$1: $placed photographs"
  rm -rf project
}

collection eyepacs
for patient in 10 13 15 16 17 19; do
  photograph train/${patient}_left.jpeg $((patient % 5)) $patient
  photograph train/${patient}_right.jpeg 0 $patient
done
for patient in 1 2 3 4; do
  photograph test/${patient}_left.jpeg 0 $patient
  photograph test/${patient}_right.jpeg $patient $patient
done
grades() { grep "^$1" $collection.expected; } # GLOB: its photographs
{
  echo image,level
  grades train/ | sed -E 's#train/(.*)\.jpeg\|(.)\|.*#\1,\2#'
} >eyepacs/trainLabels.csv
{
  echo image,level,Usage
  grades test/ | sed -E 's#test/(.*)\.jpeg\|(.)\|.*#\1,\2,Private#'
} >eyepacs/retinopathy_solution.csv
check EyePACS

collection aptos
echo id_code,diagnosis >aptos/train.csv
for name in 000c1434d8d7 001639a390f0 0024cdab0c1e 002c21358ce6 005b95c28852 0083ee8054ee; do
  photograph train_images/$name.png 2 $name
  echo $name,2 >>aptos/train.csv
done
photograph test_images/0005cfc8afb6.png '' 0005cfc8afb6
printf 'id_code\n0005cfc8afb6\n' >aptos/test.csv
check 'APTOS 2019'

collection idrid
mkdir 'idrid/2. Groundtruths'
for set in 'a. Training' 'b. Testing'; do
  file="idrid/2. Groundtruths/${set%% *} IDRiD_Disease Grading_${set#* } Labels.csv"
  printf 'Image name,Retinopathy grade,Risk of macular edema ,,,,,\r\n' >"$file"
  for n in 001 002 003; do
    grade=$((${#set} % 5)) part=train risk=$((10#$n - 1))
    [ "$set" = 'a. Training' ] || part=test
    photograph "1. Original Images/$set Set/IDRiD_$n.jpg" $grade "$set $n" $part dme=$risk
    printf 'IDRiD_%s,%s,%s,,,,,\r\n' $n $grade $risk >>"$file"
  done
done
check IDRiD

collection messidor
for base in 11 12; do
  echo 'Image name,Ophthalmologic department,Retinopathy grade,Risk of macular edema' >messidor/Annotation_Base$base.csv
  for n in 38557 43808 43832; do
    name=200510${base}_${n}_0100_PP.tif
    photograph Base$base/$name 3 $name '' dme=1
    echo "$name,Service Ophtalmologie Lariboisière,3,1" >>messidor/Annotation_Base$base.csv
  done
done
check Messidor

collection messidor2
echo image_id,adjudicated_dr_grade,adjudicated_dme,adjudicated_gradable >messidor2/messidor_data.csv
echo 'left;right' >messidor2/messidor-2.csv
for pair in '20051020_43808_0100_PP.png 20051020_43832_0100_PP.png' '20051020_43882_0100_PP.png 20051020_43906_0100_PP.png' \
  'IM000001.JPG IM000002.JPG' 'IM000004.JPG IM000023.JPG' 'IM003718.JPG IM003719.JPG'; do
  for name in $pair; do
    photograph IMAGES/$name 1 "$pair" '' 'gradable=1 referable_dme=0'
    echo "$name,1,0,1" >>messidor2/messidor_data.csv
  done
  echo "${pair/ /;}" >>messidor2/messidor-2.csv
done
photograph IMAGES/IM004176.JPG '' IM004176 '' gradable=0
echo IM004176.JPG,,,0 >>messidor2/messidor_data.csv
check Messidor-2

collection ddr
mkdir ddr/DR_grading
for row in 'train 007-0004-000 0' 'train 007-0004-001 1' 'train 007-1783-100 2' 'valid 007-1784-100 3' 'valid 007-1784-101 5' \
  'test 007-2809-100 4' 'train 007-3000-100 1' 'train 007-3000-101 1' 'test 007-3000-200 1' 'test 20170413102628830 0'; do
  read -r part name grade <<<"$row"
  given=$part
  [ $part != valid ] || given=val
  [ $name != 007-3000-200 ] || given=train # with most of the photographs of that patient
  case $name in 007-*) patient=${name%-*} ;; *) patient=$name ;; esac
  photograph DR_grading/$part/$name.jpg "${grade/5/}" $patient $given "$([ $grade != 5 ] || echo gradable=0)"
  echo "$name.jpg $grade" >>ddr/DR_grading/$part.txt
done
check DDR
grep -q 'warning: 1 patient is given to several parts: 1 image came into another part' ddr.said

collection rfmid
for row in 'Training_Set/Training RFMiD_Training_Labels train' 'Evaluation_Set/Validation RFMiD_Validation_Labels val' \
  'Test_Set/Test RFMiD_Testing_Labels test'; do
  read -r folder labels part <<<"$row"
  mkdir -p rfmid/$folder
  file=rfmid/${folder%/*}/$labels.csv
  echo ID,Disease_Risk,DR,ARMD,MH,DN,MYA >$file
  for n in 1 2 3; do
    photograph $folder/$n.png "$([ $n = 2 ] || echo 0)" "$part $n" $part "disease=$((n > 1)) dr=$((n == 2))"
    echo "$n,$((n > 1)),$((n == 2)),0,0,0,0" >>$file
  done
done
check RFMiD

collection deepdrid
for row in 'training 1 train' 'training 2 train' 'validation 265 val'; do
  read -r part patient given <<<"$row"
  folder=regular_fundus_images/regular-fundus-$part
  mkdir -p deepdrid/$folder
  file=deepdrid/$folder/regular-fundus-$part.csv
  [ -f $file ] || echo 'patient_id,image_id,image_path,Overall quality,left_eye_DR_Level,right_eye_DR_Level,patient_DR_Level,Clarity,Field definition,Artifact' >$file
  for shot in l1 l2 r1 r2; do
    case $shot in l?) levels=3, grade=3 ;; *) levels=,1 grade=1 ;; esac
    photograph $folder/Images/$patient/${patient}_$shot.jpg $grade $patient $given
    echo "$patient,${patient}_$shot,\\regular-fundus-$part\\$patient\\${patient}_$shot.jpg,1,$levels,3,8,8,0" >>$file
  done
done
check DeepDRiD

exit $failed
