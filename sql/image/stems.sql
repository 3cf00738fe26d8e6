-- The last parts of all images' names, each once.
SELECT DISTINCT substr(name, length(rtrim(name, replace(name, '/', ''))) + 1) AS stem FROM image WHERE copy = 0;
