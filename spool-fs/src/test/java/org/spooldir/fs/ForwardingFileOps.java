package org.spooldir.fs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;

/** Passes every call on; a subclass changes some. */
abstract class ForwardingFileOps implements FileOps {

  final FileOps real;

  ForwardingFileOps(FileOps real) {
    this.real = real;
  }

  @Override
  public NewFile create(Path file) throws IOException {
    return real.create(file);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    real.rename(from, to);
  }

  @Override
  public void link(Path existing, Path link) throws IOException {
    real.link(existing, link);
  }

  @Override
  public void delete(Path file) throws IOException {
    real.delete(file);
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    real.createDirectory(directory);
  }

  @Override
  public void setMode(Path file, int mode) throws IOException {
    real.setMode(file, mode);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    real.forceDirectory(directory);
  }

  @Override
  public void force(Path file) throws IOException {
    real.force(file);
  }

  @Override
  public DirectoryStream<Path> list(Path directory) throws IOException {
    return real.list(directory);
  }

  @Override
  public Stat stat(Path file) throws IOException {
    return real.stat(file);
  }

  @Override
  public Inode inode(Path file) throws IOException {
    return real.inode(file);
  }

  @Override
  public Lstat lstat(Path file) throws IOException {
    return real.lstat(file);
  }

  @Override
  public UserPrincipal owner(Path file) throws IOException {
    return real.owner(file);
  }

  @Override
  public void setPermissions(Path file, int permissions) throws IOException {
    real.setPermissions(file, permissions);
  }

  @Override
  public void requireDirectory(Path directory) throws IOException {
    real.requireDirectory(directory);
  }

  @Override
  public Object device(Path directory) throws IOException {
    return real.device(directory);
  }

  @Override
  public InputStream read(Path file) throws IOException {
    return real.read(file);
  }

  @Override
  public void overwrite(Path file, byte[] bytes) throws IOException {
    real.overwrite(file, bytes);
  }

  @Override
  public void append(Path file, byte[] bytes) throws IOException {
    real.append(file, bytes);
  }

  @Override
  public long usableSpace(Path directory) throws IOException {
    return real.usableSpace(directory);
  }
}
