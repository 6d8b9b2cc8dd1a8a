/**
 * Runs a handler on the jobs of a spool: claims, hands over, settles by the outcome, and keeps
 * watch.
 *
 * <p>It knows only the API, so it works on every engine. What it promises:
 *
 * <ul>
 *   <li>A claim is settled after its handler has ended, never while it runs; the one exception is a
 *       handler that outlives the shutdown grace and ignores its interrupt.
 *   <li>A handler is interrupted when it is over its time limit, when its claim is lost, and at the
 *       end of the shutdown grace; at no other time, and the interrupt never reaches the next job
 *       or the settling.
 *   <li>Nothing that a handler, a listener or the spool throws ends a thread of the worker:
 *       failures are reported and survived.
 * </ul>
 *
 * <p>Reading order, along the life of a claim: {@link org.spooldir.worker.Worker} (what users see),
 * {@code Crew} (threads, from start to stop), {@code WorkerLoop} (claims), {@code HandlerRun} (runs
 * the handler and decides the outcome), {@code WatchedClaim} and {@code Settling} (settle), {@code
 * Watchdog} and {@code InterruptGate} (interrupt), {@code Announcer} (tell).
 */
@NullMarked
package org.spooldir.worker;

import org.jspecify.annotations.NullMarked;
