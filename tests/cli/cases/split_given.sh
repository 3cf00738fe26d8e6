# Splits that others made: audited from their files, and imported.
{
  echo image,level,set
  for patient in 1 2 3; do
    echo "${patient}_left.jpeg,0,train"
    echo "${patient}_left_mir.jpeg,0,test"
    echo "${patient}_right.jpeg,1,train"
  done
  echo 4_left.jpeg,2,test
  echo 4_right.jpeg,2,val
} >torn.csv
show 'eyenet split audit torn.csv'
show 'eyenet split audit torn.csv --json'
show 'eyenet split audit torn.csv --random 0.5 --seed 3 --csv'
show 'eyenet split audit torn.csv --random 0.01'
printf 'image\n1_left\n1_right\n' >train.csv
printf 'image\n2_left\n2_right\n' >test.csv
show 'eyenet split audit train.csv test.csv'
show 'eyenet split audit train.csv test.csv --column set'
show 'eyenet split audit train.csv'
show 'eyenet split audit train.csv --column image --patient-column owner'
# IDRiD's two sets have the same names; a number that is not an angle of a known photograph is part of the name.
printf 'image,split\na/I_090.jpg,train\nb/I_090.jpg,test\nb/I_1.jpg,test\nb/I_1_90.jpg,train\n' >folders.csv
show 'eyenet split audit folders.csv --csv'
show 'eyenet split audit folders.csv --folders --csv'

labelled_project 6
{
  echo image,Usage
  for patient in 1 2; do printf '%s_left,Public\n%s_right,Public\n' $patient $patient; done
  for patient in 3 4; do printf '%s_left,Private\n%s_right,Private\n' $patient $patient; done
  echo 5_left,train
} >given.csv
unchanged 'eyenet split import given.csv --column Usage'
unchanged 'eyenet split import given.csv --column Usage --map Public=vla'
unchanged 'eyenet split import given.csv --column usage --sql eye'
unchanged 'eyenet split import --sql eye'
unchanged 'eyenet split import given.csv'
show 'eyenet split import given.csv --column Usage --map Public=val,Private=test'
show 'eyenet sql "SELECT split, rule, train_images, val_images, test_images FROM splits"'
show 'eyenet sql "SELECT image, part FROM images WHERE patient > 4"'
unchanged 'eyenet split import given.csv --column Usage --map Public=val,Private=test'
printf 'image,part\n1_left,train\n1_left,test\n' >two.csv
unchanged 'eyenet split import two.csv --column part'
printf 'image,part\n1_left,train\n9_left,test\n' >unknown.csv
unchanged 'eyenet split import unknown.csv --column part'
show 'eyenet split import unknown.csv --column part --skip-unknown'
printf 'image,part\n1_left,train\n1_right,test\n2_left,test\n2_right,test\n' >torn.csv
unchanged 'eyenet split import torn.csv --column part'
show 'eyenet split import torn.csv --column part --keep-together'
show 'eyenet split import --sql "CASE WHEN patient < 4 THEN '"'train'"' ELSE '"'held'"' END" --map held=test --name by-sql'
unchanged 'eyenet split import --sql "nothing" --name none'
show 'eyenet sql --csv "SELECT image, part FROM images" >ours.csv; eyenet split audit ours.csv --csv'
