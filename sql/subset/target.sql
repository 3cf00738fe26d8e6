-- A target alone, which stands for :target: so that a complaint is about it and nothing can hide behind a bracket.
SELECT (
:target
) FROM variants;
