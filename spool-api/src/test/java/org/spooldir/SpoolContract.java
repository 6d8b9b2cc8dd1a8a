package org.spooldir;

/** All that the API promises of a spool, whatever engine keeps it. */
public interface SpoolContract
    extends EnqueueContract,
        AttributesContract,
        ScheduleContract,
        DedupContract,
        ClaimContract,
        SettleContract,
        LostClaimContract,
        CloseContract,
        InspectorContract,
        MaintenanceContract {}
