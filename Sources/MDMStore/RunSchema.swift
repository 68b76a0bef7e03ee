import GRDB

/// The tables of the database; docs/jobs.md describes them for who reads them with other programs.
enum RunSchema {
  /// Each step brings a database from one version to the next; they never change once released.
  private static let steps = [
    """
    CREATE TABLE run (
      number INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      job TEXT,
      kind TEXT NOT NULL,
      label TEXT NOT NULL,
      status TEXT NOT NULL,
      reason TEXT,
      key TEXT,
      engine TEXT,
      inputs TEXT NOT NULL DEFAULT '',
      details TEXT NOT NULL DEFAULT '{}',
      steps INTEGER NOT NULL DEFAULT 0,
      step INTEGER NOT NULL DEFAULT 0,
      started REAL NOT NULL DEFAULT 0,
      changed REAL NOT NULL DEFAULT 0,
      pid INTEGER NOT NULL DEFAULT 0,
      pid_start INTEGER NOT NULL DEFAULT 0,
      boot_id TEXT NOT NULL DEFAULT '',
      host TEXT NOT NULL DEFAULT '',
      shown_every INTEGER NOT NULL DEFAULT 1
    );
    CREATE INDEX run_by_key ON run (key);
    CREATE INDEX run_by_job ON run (job);
    CREATE TABLE series (
      number INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      metric TEXT NOT NULL,
      domain TEXT NOT NULL
    );
    CREATE TABLE metric (
      run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
      step INTEGER NOT NULL,
      series INTEGER NOT NULL REFERENCES series,
      value REAL,
      PRIMARY KEY (run, step, series)
    ) WITHOUT ROWID;
    CREATE VIEW ledger AS
      SELECT run.id AS run, metric.step, series.domain,
        max(value) FILTER (WHERE series.metric = 'ledger/asked') AS asked,
        max(value) FILTER (WHERE series.metric = 'ledger/factor') AS factor,
        max(value) FILTER (WHERE series.metric = 'ledger/drawn') AS drawn,
        max(value) FILTER (WHERE series.metric = 'ledger/scored') AS scored,
        max(value) FILTER (WHERE series.metric = 'ledger/taught') AS taught,
        max(value) FILTER (WHERE series.metric = 'ledger/truncated') AS truncated,
        max(value) FILTER (WHERE series.metric = 'ledger/tokens') AS tokens,
        max(value) FILTER (WHERE series.metric = 'ledger/pull') AS pull,
        max(value) FILTER (WHERE series.metric = 'ledger/tokens')
          / nullif(sum(max(value) FILTER (WHERE series.metric = 'ledger/tokens'))
          OVER (PARTITION BY metric.run, metric.step), 0) AS token_share
      FROM metric JOIN series ON series.number = metric.series JOIN run ON run.number = metric.run
      WHERE series.metric LIKE 'ledger/%' AND series.domain <> ''
      GROUP BY metric.run, metric.step, series.domain;
    CREATE TABLE score (
      run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
      name TEXT NOT NULL,
      value REAL,
      PRIMARY KEY (run, name)
    ) WITHOUT ROWID;
    CREATE TABLE image (
      hash TEXT PRIMARY KEY,
      png BLOB NOT NULL
    );
    CREATE TABLE completion (
      run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
      step INTEGER NOT NULL,
      place INTEGER NOT NULL,
      domain TEXT NOT NULL,
      example TEXT NOT NULL,
      prompt TEXT NOT NULL,
      completion TEXT NOT NULL,
      reward REAL,
      advantage REAL,
      finished INTEGER NOT NULL,
      image TEXT REFERENCES image,
      PRIMARY KEY (run, step, place)
    ) WITHOUT ROWID;
    CREATE INDEX completion_by_image ON completion (image);
    CREATE TABLE artefact (
      run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
      kind TEXT NOT NULL,
      fingerprint TEXT NOT NULL,
      file TEXT NOT NULL,
      PRIMARY KEY (run, kind)
    ) WITHOUT ROWID;
    CREATE INDEX artefact_by_fingerprint ON artefact (fingerprint);
    CREATE TABLE memory (
      key TEXT PRIMARY KEY,
      kind TEXT NOT NULL,
      value BLOB NOT NULL,
      stored REAL NOT NULL
    );
    """
  ]

  static var version: Int { steps.count }

  /// Brings a database to this version; another process may have done so meanwhile.
  static func upgrade(_ db: Database) throws -> Database.TransactionCompletion {
    let found = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    for step in steps.dropFirst(found) { try db.execute(sql: step) }
    try db.execute(sql: "PRAGMA user_version = \(version)")
    return .commit
  }
}
