-- The quick look at every row, which includes the rules of its table: "ok", or the first fault.
SELECT quick_check FROM pragma_quick_check(1);
