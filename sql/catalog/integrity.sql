-- SQLite's look at its own file: "ok", or the first fault.
SELECT integrity_check FROM pragma_integrity_check(1);
