using System.Security.Cryptography;
using Debyard.Pipeline.Dockerfiles;

namespace Debyard.Pipeline.Images;

/// <summary>The folder that <c>docker build</c> gets, with its Dockerfile. One folder is one image.</summary>
public sealed class BuildContext
{
    BuildContext(string name, string folder, Dockerfile dockerfile) => (Name, Folder, Dockerfile) = (name, folder, dockerfile);

    /// <summary>The path as the manifest has it, which messages and fingerprints use.</summary>
    public string Name { get; }

    /// <summary>The absolute path.</summary>
    public string Folder { get; }

    public Dockerfile Dockerfile { get; }

    /// <summary>The Dockerfile line by line, then every file that is sent to the engine.</summary>
    public IReadOnlyList<Input> Inputs => field ??= [.. DockerfileLines(), .. Contents()];

    public bool HasIgnoreFile => File.Exists(Path.Combine(Folder, IgnoreFile));

    const string IgnoreFile = ".dockerignore";

    const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    const UnixFileMode Executable = Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <exception cref="PipelineException">There is no Dockerfile, or the folder cannot be read.</exception>
    public static BuildContext Read(string directory, string name)
    {
        var folder = Path.Combine(directory, name);
        return new BuildContext(name, folder, Dockerfile.Read(Path.Combine(folder, "Dockerfile"), $"{name}/Dockerfile"));
    }

    /// <summary>
    /// A copy with exactly the files of <see cref="Inputs"/>, to send to the engine: an edit during the run never gets into an image
    /// that was fingerprinted before. The copy leaves out what is not an input: empty folders and the checkout's umask.
    /// </summary>
    /// <param name="directory">Where the copy goes, below the context's name.</param>
    /// <exception cref="PipelineException">A file changed since the inputs were read.</exception>
    public BuildContext CopyTo(string directory)
    {
        foreach (var path in Files.Append("Dockerfile").ToList())
        {
            Copy(Path.Combine(Folder, path), Path.Combine(directory, Name, path));
        }
        if (!File.Exists(Path.Combine(directory, Name, IgnoreFile)))
        {
            // Rules that are not an input must not decide whether COPY sees the Dockerfile.
            File.WriteAllText(Path.Combine(directory, Name, IgnoreFile), $"{IgnoreFile}\nDockerfile\n");
        }
        var copy = Read(directory, Name);
        // The copy is compared, because the folder may have changed again after it was copied.
        return Fingerprint.Over(copy.Inputs).ChangedSince(Inputs) is not { } change
            ? copy
            : throw new PipelineException(
                $"{change} during the run: the image would not match its fingerprint. Nothing was kept; run again."
            );
    }

    static void Copy(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        try
        {
            if (new FileInfo(from).LinkTarget is { } target)
            {
                File.CreateSymbolicLink(to, target);
                return;
            }
            File.Copy(from, to);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(to, File.GetUnixFileMode(to).HasFlag(UnixFileMode.UserExecute) ? Executable : Plain);
            }
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // It was deleted meanwhile; the comparison of the copy finds that.
        }
    }

    /// <summary>The files that are sent to the engine, without the Dockerfile, relative to the folder.</summary>
    public IEnumerable<string> Files => Entries().Select(file => file.Path);

    IEnumerable<Input> DockerfileLines() => Dockerfile.Lines.Select((line, index) => new Input($"{Dockerfile.Name}:{index + 1}", line));

    IEnumerable<Input> Contents() => Entries().Select(file => new Input($"{Name}/{file.Path}", Content(file.Path, file.Entry)));

    IEnumerable<(string Path, FileSystemInfo Entry)> Entries()
    {
        var ignoreFile = Path.Combine(Folder, IgnoreFile);
        var ignore = DockerIgnore.Parse(File.Exists(ignoreFile) ? File.ReadAllText(ignoreFile) : "");
        return Walk(new DirectoryInfo(Folder), "", ignore)
            .Where(file => file.Path != "Dockerfile")
            .OrderBy(file => file.Path, StringComparer.Ordinal);
    }

    static IEnumerable<(string Path, FileSystemInfo Entry)> Walk(DirectoryInfo folder, string prefix, DockerIgnore ignore)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            var path = prefix + entry.Name;
            var ignored = ignore.Ignores(path);
            if (entry is DirectoryInfo { LinkTarget: null } directory)
            {
                foreach (var inner in ignored && !ignore.HasExceptions ? [] : Walk(directory, path + "/", ignore))
                {
                    yield return inner;
                }
            }
            else if (!ignored)
            {
                yield return (path, entry);
            }
        }
    }

    // Of the mode only "executable" counts, as in git; the rest depends on the checkout's umask.
    string Content(string path, FileSystemInfo entry)
    {
        if (entry.LinkTarget is { } target)
        {
            return !LeadsOut(path, target)
                ? $"link {target}"
                : throw new PipelineException(
                    $"{Name}/{path} is a link to {target}, outside the build context, which is not sent to the engine. "
                        + $"Put the file itself into {Name}."
                );
        }
        using var stream = File.OpenRead(entry.FullName);
        var executable = !OperatingSystem.IsWindows() && (entry.UnixFileMode & UnixFileMode.UserExecute) != 0;
        return $"{(executable ? "executable" : "file")} {Convert.ToHexStringLower(SHA256.HashData(stream))}";
    }

    // An absolute link is meant for the image, where its target may exist.
    static bool LeadsOut(string path, string target)
    {
        var depth = path.Count(c => c == '/');
        return !Path.IsPathRooted(target)
            && target
                .Split('/')
                .Any(part =>
                    (
                        depth += part switch
                        {
                            "" or "." => 0,
                            ".." => -1,
                            _ => 1,
                        }
                    ) < 0
                );
    }
}
