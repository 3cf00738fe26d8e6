-- An expression alone, which stands for :expression: so that a complaint is about it and nothing can hide behind a bracket.
SELECT (
:expression
) FROM images;
