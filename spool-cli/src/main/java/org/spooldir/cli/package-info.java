/**
 * The command {@code spool}. {@link org.spooldir.cli.Main} finds the {@link org.spooldir.cli.Verb},
 * {@link org.spooldir.cli.PlainParser} or {@link org.spooldir.cli.Grammar} reads its {@link
 * org.spooldir.cli.Arguments} by its {@link org.spooldir.cli.Syntax}, and it runs with a {@link
 * org.spooldir.cli.Terminal} to talk to. Looking and altering are different verbs; looking changes
 * nothing.
 */
@NullMarked
package org.spooldir.cli;

import org.jspecify.annotations.NullMarked;
