-- What the table-valued function neighbours(of_image, k, of_model) returns: its arguments are the hidden columns.
CREATE TABLE neighbours (rank INTEGER, image_id INTEGER, image TEXT, distance REAL, of_image HIDDEN, k HIDDEN, of_model HIDDEN);
