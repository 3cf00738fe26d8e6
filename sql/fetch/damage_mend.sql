-- Forgets the damage of photographs of a source that have come since.
DELETE FROM damage
WHERE source_id = :source_id
  AND EXISTS (SELECT 1 FROM member m WHERE m.path = 'photos/' || damage.source_id || '/' || damage.path);
