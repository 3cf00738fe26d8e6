# Tables as spreadsheets and old programs leave them: the same two grades, and the line that is wrong is the file's.
eyenet init . >/dev/null
printf 'image,level\n1_left,0\n1_right,2\n' >plain.csv
eyenet label import plain.csv --unknown add >/dev/null
same() { # WHAT TEXT
  echo "# $1"
  printf "$2" >table.csv
  show 'eyenet label import table.csv --grader plain.csv | grep -E "^(rows|unchanged)"'
}
same 'columns named in a comment' '#image,level\n1_left,0\n1_right,2\n'
same 'so does numpy' '# image,level\n1_left,0\n1_right,2\n'
same 'among comments with commas' '# of 2026, two eyes\n#image;level\n# 5: ungradable\n\n1_left;0\n1_right;2\n'
same 'comments alone' '# of 2026, two eyes\nimage,level\n1_left,0\n1_right,2\n'
same 'quoted' '"#image","level"\n"1_left",0\n"1_right",2\n'
same 'Excel' '"sep=;"\r\n"image";"level"\r\n1_left;0\r\n1_right;2\r\n;\r\n'
same 'bars and blanks' '\n\nimage | level\n1_left | 0\n1_right\xc2\xa0| 2\n'
same 'an old Mac' 'image,level\r1_left,0\r1_right,2\r'
same 'DOS' 'image\tlevel\r\n1_left\t0\r\n1_right\t2\r\n\x1a'
same 'UTF-16' '\xff\xfei\0m\0a\0g\0e\0,\0l\0e\0v\0e\0l\0\n\0001\0_\0l\0e\0f\0t\0,\0000\0\n\0001\0_\0r\0i\0g\0h\0t\0,\0002\0\n\0'
printf '# of 2026, two eyes\n#image,level\n# 5: ungradable\n\n1_left,0\n1_right,7\n' >wrong.csv
show 'eyenet label import wrong.csv'
printf '# of 2026, two eyes\n# nothing else\n' >none.csv
show 'eyenet label import none.csv'
printf '\n<!doctype html>\n<title>Sign in</title>\n' >page.csv
show 'eyenet label import page.csv'
