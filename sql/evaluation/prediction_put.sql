-- What the model said of one variant.
INSERT INTO prediction (evaluation_id, variant_id, truth, predicted, score, probabilities)
VALUES (:evaluation_id, :variant_id, :truth, :predicted, :score, :probabilities);
