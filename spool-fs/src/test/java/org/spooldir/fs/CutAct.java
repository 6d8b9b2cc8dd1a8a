package org.spooldir.fs;

/**
 * What is going on when the power fails: the verbs of {@link CutActor}, the last one right before.
 */
enum CutAct {
  ENQUEUE("enqueue"),
  ENQUEUE_MANY("many"),
  ENQUEUE_FOR_LATER("later"),
  ENQUEUE_WITH_A_KEY("keyed"),
  ENQUEUE_WITH_A_TAKEN_KEY("keyed again"),
  ADOPT("adopt"),
  CLAIM("enqueue claim"),
  COMPLETE("enqueue claim complete"),
  COMPLETE_WITH_A_KEY("keyed claim complete"),
  COMPLETE_AND_KEEP("keyed claim complete", true),
  RETRY("enqueue claim retry"),
  RETRY_LATER("enqueue claim postpone"),
  RELEASE("enqueue claim release"),
  REJECT("enqueue claim reject"),
  RECOVER("enqueue die recover"),
  HOLD("enqueue hold"),
  UNHOLD("enqueue hold unhold"),
  RETRY_NOW("later retryNow"),
  REQUEUE("keyed claim reject requeue"),
  REQUEUE_WHAT_IS_DONE("enqueue claim complete requeue", true),
  DISCARD("keyed discard");

  final String verbs;

  /** Whether completed jobs are kept. */
  final boolean retains;

  CutAct(String verbs) {
    this(verbs, false);
  }

  CutAct(String verbs, boolean retains) {
    this.verbs = verbs;
    this.retains = retains;
  }
}
