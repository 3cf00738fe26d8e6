-- The texts that are kept with their hash: what each is, the text, the hash.
SELECT 'the text of network ''' || name || '''' AS what, spec AS text, sha256 FROM model
UNION ALL
SELECT 'the text of recipe ''' || text || '''', text, sha256 FROM recipe;
