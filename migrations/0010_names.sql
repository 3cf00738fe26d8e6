-- Names as the command line has them: those of a run and of imported weights name a file, the others are plain text. Only a run
-- that is not finished can be renamed. Rows that are there already stay; 'eyenet doctor' names those that break the rule.

CREATE TRIGGER run_begins_with_a_valid_name BEFORE INSERT ON run
WHEN typeof(NEW.name) <> 'text' OR length(CAST(NEW.name AS BLOB)) NOT BETWEEN 1 AND 100 OR NEW.name <> trim(NEW.name, ' ')
  OR instr(NEW.name, char(0)) > 0 OR NEW.name GLOB '*[' || char(1) || '-' || char(31) || char(127) || '-' || char(159) || ']*'
  OR NEW.name GLOB '.*' OR NEW.name GLOB '*[/\]*' OR NEW.name = 'last'
BEGIN
  SELECT RAISE(ABORT, 'the name of a run has 1 to 100 bytes, without control characters, a leading dot, slashes and surrounding spaces, and not last');
END;

CREATE TRIGGER run_keeps_a_valid_name BEFORE UPDATE OF name ON run
WHEN typeof(NEW.name) <> 'text' OR length(CAST(NEW.name AS BLOB)) NOT BETWEEN 1 AND 100 OR NEW.name <> trim(NEW.name, ' ')
  OR instr(NEW.name, char(0)) > 0 OR NEW.name GLOB '*[' || char(1) || '-' || char(31) || char(127) || '-' || char(159) || ']*'
  OR NEW.name GLOB '.*' OR NEW.name GLOB '*[/\]*' OR NEW.name = 'last'
BEGIN
  SELECT RAISE(ABORT, 'the name of a run has 1 to 100 bytes, without control characters, a leading dot, slashes and surrounding spaces, and not last');
END;

CREATE TRIGGER pretrained_begins_with_a_valid_name BEFORE INSERT ON pretrained
WHEN typeof(NEW.name) <> 'text' OR length(CAST(NEW.name AS BLOB)) NOT BETWEEN 1 AND 100 OR NEW.name <> trim(NEW.name, ' ')
  OR instr(NEW.name, char(0)) > 0 OR NEW.name GLOB '*[' || char(1) || '-' || char(31) || char(127) || '-' || char(159) || ']*'
  OR NEW.name GLOB '.*' OR NEW.name GLOB '*[/\]*'
BEGIN
  SELECT RAISE(ABORT, 'the name of imported weights has 1 to 100 bytes, without control characters, a leading dot, slashes and surrounding spaces');
END;

CREATE TRIGGER subset_begins_with_a_valid_name BEFORE INSERT ON subset
WHEN typeof(NEW.name) <> 'text' OR length(CAST(NEW.name AS BLOB)) NOT BETWEEN 1 AND 100 OR NEW.name <> trim(NEW.name, ' ')
  OR instr(NEW.name, char(0)) > 0 OR NEW.name GLOB '*[' || char(1) || '-' || char(31) || char(127) || '-' || char(159) || ']*'
BEGIN
  SELECT RAISE(ABORT, 'the name of a subset has 1 to 100 bytes, without control characters and surrounding spaces');
END;

CREATE TRIGGER split_begins_with_a_valid_name BEFORE INSERT ON split
WHEN typeof(NEW.name) <> 'text' OR length(CAST(NEW.name AS BLOB)) NOT BETWEEN 1 AND 100 OR NEW.name <> trim(NEW.name, ' ')
  OR instr(NEW.name, char(0)) > 0 OR NEW.name GLOB '*[' || char(1) || '-' || char(31) || char(127) || '-' || char(159) || ']*'
BEGIN
  SELECT RAISE(ABORT, 'the name of a split has 1 to 100 bytes, without control characters and surrounding spaces');
END;

CREATE TRIGGER dataset_begins_with_a_valid_name BEFORE INSERT ON dataset
WHEN typeof(NEW.name) <> 'text' OR length(CAST(NEW.name AS BLOB)) NOT BETWEEN 1 AND 100
  OR instr(NEW.name, char(0)) > 0 OR NEW.name GLOB '*[' || char(1) || '-' || char(31) || char(127) || '/:]*'
BEGIN
  SELECT RAISE(ABORT, 'the name of a dataset has 1 to 100 bytes, without control characters, slashes and colons');
END;
