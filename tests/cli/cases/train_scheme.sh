# A target on a scale of the user's own: the scheme says what its values are called and that they are ordered.
eyes_project
show "eyenet scheme add DME 0..2 --values '0=none,1=far,2=near'"
eyenet sql --csv 'SELECT image, image_id % 3 AS dme FROM images ORDER BY image' >dme.csv
show 'eyenet label import dme.csv --scheme dme | head -n 2'
show "eyenet sql \"SELECT label(image_id, 'dme') AS dme, count(*) AS n FROM images GROUP BY 1\""
show "eyenet sql \"SELECT label(image_id, 'dm') FROM images\""
show 'eyenet sql "SELECT dme FROM images"'
show 'eyenet scheme add dme 0..1'
show 'eyenet label conflicts --scheme dme --csv'
eyenet -q subset all "SELECT variant_id FROM variants WHERE part = 'train' AND mirror = 0 AND rotation = 0" >/dev/null
show "eyenet train --model ../tiny.net --subset all --target dme"
show "eyenet train --model ../tiny.net --subset all --target \"label(image_id, 'dm')\""
target="label(image_id, 'dme')"
show "eyenet -q train --model ../tiny.net --subset all --target \"$target\" --epochs 1 --name edema | head -n 3"
show 'eyenet runs show edema | grep -wE "scale|classes" | grep -v calibration'
show "eyenet evaluate edema --subset all 2>/dev/null | grep -E 'kappa_weights|none|far|near'"
show 'eyenet predict edema ../eyes/train/1_left.jpeg 2>/dev/null | head -n 3 | cut -c 1-65'
# Kinds are not ordered.
show "eyenet scheme add kind 0..2 --kinds && eyenet label import dme.csv --scheme kind --column dme | head -n 2"
show "eyenet -q train --model ../tiny.net --subset all --target \"label(image_id, 'kind')\" --epochs 1 --name kinds | head -n 3"
show 'eyenet runs show kinds | grep -w scale | grep -v calibration'
