-- Every photograph that was fetched: its path in the project and the bytes it must have.
SELECT path, bytes FROM member WHERE photograph;
