package io.github.resnetensembles.weights;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.hash.Hashing;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read of a zip file must be what was hashed. */
class ChangedWeightFileTest {
  @TempDir Path folder;

  /** The same archive with other values in one tensor, as long as before. */
  private static byte[] zip(float value) {
    Map<String, NamedTensor> tensors = new LinkedHashMap<>(WeightFiles.torchNamed());
    Map.Entry<String, NamedTensor> first = tensors.entrySet().iterator().next();
    NamedTensor tensor = first.getValue();
    float[] values = new float[tensor.floats().length];
    Arrays.fill(values, value);
    first.setValue(NamedTensor.of(first.getKey(), tensor.shape(), values));
    return WeightFiles.zip(tensors, ByteOrder.LITTLE_ENDIAN, true);
  }

  /** Opened a second time, the file would have other values than those that were hashed. */
  @Test
  void aZipIsReadOnce() throws IOException {
    byte[] bytes = zip(1);
    Path file = Files.write(folder.resolve("a.pt"), bytes);
    Path changing = afterReading(file, () -> Files.write(file, zip(2)));

    Weights weights = Weights.of(changing);

    assertThat(Files.readAllBytes(file)).isEqualTo(zip(2));
    assertThat(weights.fileSha256()).hasValue(Hashing.sha256().hashBytes(bytes).toString());
    assertThat(weights.tensors().values().iterator().next().floats()).containsOnly(1);
  }

  private interface Change {
    void make() throws IOException;
  }

  /** A path whose file changes when it was read for the first time. */
  private static Path afterReading(Path file, Change change) {
    FileSystem system = new Unwrapping(file, change);
    return (Path)
        Proxy.newProxyInstance(
            ChangedWeightFileTest.class.getClassLoader(),
            new Class<?>[] {Path.class},
            (proxy, method, arguments) ->
                method.getName().equals("getFileSystem") ? system : method.invoke(file, arguments));
  }

  /** Does with one file what is asked of any path. */
  private static final class Unwrapping extends FileSystem {
    private final Path file;
    private final Change change;

    Unwrapping(Path file, Change change) {
      this.file = file;
      this.change = change;
    }

    @Override
    public FileSystemProvider provider() {
      return new FileSystemProvider() {
        @Override
        public InputStream newInputStream(Path path, OpenOption... options) throws IOException {
          return new FilterInputStream(Files.newInputStream(file, options)) {
            @Override
            public void close() throws IOException {
              super.close();
              change.make();
            }
          };
        }

        @Override
        public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
          return Files.newByteChannel(file, options, attributes);
        }

        @Override
        public void checkAccess(Path path, AccessMode... modes) throws IOException {
          file.getFileSystem().provider().checkAccess(file, modes);
        }

        @Override
        public <A extends BasicFileAttributes> A readAttributes(
            Path path, Class<A> type, LinkOption... options) throws IOException {
          return Files.readAttributes(file, type, options);
        }

        @Override
        public Map<String, Object> readAttributes(
            Path path, String attributes, LinkOption... options) throws IOException {
          return Files.readAttributes(file, attributes, options);
        }

        @Override
        public boolean isSameFile(Path path, Path path2) {
          return path.equals(path2);
        }

        @Override
        public String getScheme() {
          return "unwrapping";
        }

        @Override
        public FileSystem newFileSystem(URI uri, Map<String, ?> env) {
          throw new UnsupportedOperationException();
        }

        @Override
        public FileSystem getFileSystem(URI uri) {
          return Unwrapping.this;
        }

        @Override
        public Path getPath(URI uri) {
          return file;
        }

        @Override
        public DirectoryStream<Path> newDirectoryStream(
            Path dir, DirectoryStream.Filter<? super Path> filter) {
          throw new UnsupportedOperationException();
        }

        @Override
        public void createDirectory(Path dir, FileAttribute<?>... attributes) {
          throw new UnsupportedOperationException();
        }

        @Override
        public void delete(Path path) {
          throw new UnsupportedOperationException();
        }

        @Override
        public void copy(Path source, Path target, CopyOption... options) {
          throw new UnsupportedOperationException();
        }

        @Override
        public void move(Path source, Path target, CopyOption... options) {
          throw new UnsupportedOperationException();
        }

        @Override
        public boolean isHidden(Path path) {
          return false;
        }

        @Override
        public FileStore getFileStore(Path path) {
          throw new UnsupportedOperationException();
        }

        @Override
        public <V extends FileAttributeView> V getFileAttributeView(
            Path path, Class<V> type, LinkOption... options) {
          return Files.getFileAttributeView(file, type, options);
        }

        @Override
        public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
          throw new UnsupportedOperationException();
        }
      };
    }

    @Override
    public void close() {}

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public boolean isReadOnly() {
      return true;
    }

    @Override
    public String getSeparator() {
      return file.getFileSystem().getSeparator();
    }

    @Override
    public Iterable<Path> getRootDirectories() {
      return file.getFileSystem().getRootDirectories();
    }

    @Override
    public Iterable<FileStore> getFileStores() {
      return file.getFileSystem().getFileStores();
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
      return file.getFileSystem().supportedFileAttributeViews();
    }

    @Override
    public Path getPath(String first, String... more) {
      return file.getFileSystem().getPath(first, more);
    }

    @Override
    public PathMatcher getPathMatcher(String syntaxAndPattern) {
      return file.getFileSystem().getPathMatcher(syntaxAndPattern);
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
      return file.getFileSystem().getUserPrincipalLookupService();
    }

    @Override
    public WatchService newWatchService() {
      throw new UnsupportedOperationException();
    }
  }
}
