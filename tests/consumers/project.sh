# Sourced, in a scratch folder: what the projects of these tests begin with. Both draw photographs into eyes/ with $eyenet.
# drawn_project PATIENTS: a project p, which becomes the current folder, with their photographs, samples and grades.
drawn_project() {
  "$eyenet" -q phantom eyes --patients "$1" --max-width 200 --seed 4 >/dev/null
  "$eyenet" -q init p >/dev/null
  cd p
  {
    "$eyenet" -q fetch ../eyes/train
    "$eyenet" -q ingest --recipe 'crop=retina size=32'
    "$eyenet" -q label import ../eyes/trainLabels.csv
  } >/dev/null 2>&1
}
# hostile_names: a folder names/ of six photographs with names that no format likes, and labels.csv, which grades three.
# ${photographs[6]} and on are not in it.
hostile_names() {
  "$eyenet" -q phantom eyes --patients 6 --max-width 200 --seed 8 >/dev/null
  mapfile -t photographs < <(find eyes -name '*.jpeg' | sort)
  mkdir names
  cp "${photographs[0]}" 'names/a,"b"_left.jpeg'
  cp "${photographs[1]}" $'names/\xc3\xa9\xf0\x9f\x91\x81_right.jpeg'
  cp "${photographs[2]}" $'names/bad\xff_left.jpeg'
  cp "${photographs[3]}" "names/'[{\\n}]'_left.jpeg"
  cp "${photographs[4]}" 'names/=1+1 <b>_right.jpeg'
  cp "${photographs[5]}" 'names/12_left.jpeg'
  printf 'image,level\n12_left,3\n"=1+1 <b>_right",0\n"a,""b""_left",1\n' >labels.csv
}
