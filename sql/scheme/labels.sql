-- How many labels rest on a scheme, history included.
SELECT count(*) FROM label_import f JOIN label l ON l.scheme = f.scheme AND l.import_id = f.import_id WHERE f.scheme = :name;
