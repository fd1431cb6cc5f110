using System.Security.Cryptography;
using Debyard.Pipeline.Dockerfiles;

namespace Debyard.Pipeline.Images;

/// <summary>The folder handed to <c>docker build</c>, with its Dockerfile: one folder is one image.</summary>
public sealed class BuildContext
{
    BuildContext(string name, string folder, Dockerfile dockerfile) => (Name, Folder, Dockerfile) = (name, folder, dockerfile);

    /// <summary>As the manifest writes it; what people and fingerprints see.</summary>
    public string Name { get; }

    /// <summary>The absolute path.</summary>
    public string Folder { get; }

    public Dockerfile Dockerfile { get; }

    /// <summary>The Dockerfile line by line, then every file the engine would be sent.</summary>
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
    /// A copy that holds exactly what <see cref="Inputs"/> name, for the engine to be sent: what is edited while a run is under way
    /// never gets into an image whose fingerprint was taken before. What is no input, an empty folder or the checkout's umask, is
    /// not in it.
    /// </summary>
    /// <param name="directory">Where the copy is put, under the context's own name.</param>
    /// <exception cref="PipelineException">Something is no longer what it was when the inputs were taken.</exception>
    public BuildContext CopyTo(string directory)
    {
        foreach (var path in Files.Append("Dockerfile").ToList())
        {
            Copy(Path.Combine(Folder, path), Path.Combine(directory, Name, path));
        }
        if (!File.Exists(Path.Combine(directory, Name, IgnoreFile)))
        {
            // Whether COPY sees the Dockerfile must not hang on rules that are no input.
            File.WriteAllText(Path.Combine(directory, Name, IgnoreFile), $"{IgnoreFile}\nDockerfile\n");
        }
        var copy = Read(directory, Name);
        // The copy is compared, not the folder once more: that may have been changed and changed back meanwhile.
        return Fingerprint.Over(copy.Inputs).ChangedSince(Inputs) is not { } change
            ? copy
            : throw new PipelineException(
                $"{change} while the run was under way: what would be built is not what the run began with. Nothing of it is kept; run again."
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
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            // It went while it was to be copied: the copy lacks it, and will be seen to.
        }
    }

    /// <summary>Every file the engine would be sent but the Dockerfile, relative to the folder.</summary>
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

    // Of a mode only "executable" counts: the rest is the checkout's umask, which git does not keep either.
    string Content(string path, FileSystemInfo entry)
    {
        if (entry.LinkTarget is { } target)
        {
            return !LeadsOut(path, target)
                ? $"link {target}"
                : throw new PipelineException(
                    $"{Name}/{path} is a link to {target}, out of the build context, and the engine is not sent what is there. Put the file itself into {Name}."
                );
        }
        using var stream = File.OpenRead(entry.FullName);
        var executable = !OperatingSystem.IsWindows() && (entry.UnixFileMode & UnixFileMode.UserExecute) != 0;
        return $"{(executable ? "executable" : "file")} {Convert.ToHexStringLower(SHA256.HashData(stream))}";
    }

    // An absolute one is meant for the image, where it may well lead somewhere.
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
