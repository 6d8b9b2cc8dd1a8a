package org.spooldir.worker;

/** All that a worker promises, on whatever engine. */
public interface WorkerContract
    extends WorkerOutcomeContract,
        WorkerAttemptsContract,
        WorkerWatchContract,
        WorkerStopContract,
        WorkerGraceContract,
        WorkerTroubleContract {}
