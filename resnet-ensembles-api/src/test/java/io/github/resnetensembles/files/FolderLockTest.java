package io.github.resnetensembles.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {
  @TempDir private Path folder;

  @Test
  void whatKilledProcessesLeftIsRemoved() throws IOException {
    Path old = temporary("1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed", Duration.ofMinutes(61));
    Path young = temporary("2b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed", Duration.ofMinutes(59));
    Path other = Files.writeString(folder.resolve("chapter.part"), "mine");
    Files.setLastModifiedTime(other, FileTime.from(Instant.EPOCH));

    FolderLock.of(folder).close();

    assertThat(old).doesNotExist();
    assertThat(young).exists();
    assertThat(other).hasContent("mine");
  }

  private Path temporary(String id, Duration age) throws IOException {
    Path file = Files.writeString(folder.resolve("." + id + ".part"), "half of it");
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
    return file;
  }
}
