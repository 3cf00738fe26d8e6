# The catalog in R, without packages: 'eyenet sql --csv' prints what read.csv reads.
#
#     Rscript catalog.R PROJECT [RUN]
#
# With DBI and RSQLite the same queries work on the file itself: dbConnect(RSQLite::SQLite(), "eyenet.db", flags =
# RSQLite::SQLITE_RO).
args <- commandArgs(trailingOnly = TRUE)
project <- if (length(args) > 0) args[1] else "."

ask <- function(sql) {
  command <- paste("eyenet -C", shQuote(project), "sql --csv", shQuote(sql))
  read.csv(pipe(command), stringsAsFactors = FALSE)
}

run <- if (length(args) > 1) args[2] else ask("SELECT run FROM runs ORDER BY run_id DESC LIMIT 1")$run
quoted <- paste0("'", gsub("'", "''", run, fixed = TRUE), "'")
p <- ask(paste("SELECT image, avg(score) AS score, max(truth) AS truth FROM predictions WHERE evaluation_id =",
               "(SELECT max(evaluation_id) FROM predictions WHERE run =", quoted, ") AND truth IS NOT NULL GROUP BY dataset, image"))

# The area under the ROC curve by ranks (Mann-Whitney).
positives <- sum(p$truth == 1)
negatives <- sum(p$truth == 0)
auc <- (sum(rank(p$score)[p$truth == 1]) - positives * (positives + 1) / 2) / (positives * negatives)
cat(sprintf("AUC %.4f, n = %d photographs, %d positive\n", auc, nrow(p), positives))

# The learning curves, one column for each part.
curves <- ask(paste("SELECT epoch, part, value FROM metrics WHERE run =", quoted, "AND metric = 'loss' ORDER BY epoch"))
print(xtabs(value ~ epoch + part, curves))
