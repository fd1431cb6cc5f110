using System.Security.Cryptography;

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
    public IReadOnlyList<Input> Inputs => field ??= [.. Dockerfile.Inputs, .. Contents()];

    public bool HasIgnoreFile => File.Exists(Path.Combine(Folder, ".dockerignore"));

    /// <exception cref="PipelineException">There is no Dockerfile, or the folder cannot be read.</exception>
    public static BuildContext Read(string directory, string name)
    {
        var folder = Path.Combine(directory, name);
        return new BuildContext(name, folder, Dockerfile.Read(Path.Combine(folder, "Dockerfile"), $"{name}/Dockerfile"));
    }

    /// <summary>Every file the engine would be sent but the Dockerfile, relative to the folder.</summary>
    public IEnumerable<string> Files => Entries().Select(file => file.Path);

    IEnumerable<Input> Contents() => Entries().Select(file => new Input($"{Name}/{file.Path}", Content(file.Entry)));

    IEnumerable<(string Path, FileSystemInfo Entry)> Entries()
    {
        var ignoreFile = Path.Combine(Folder, ".dockerignore");
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
    static string Content(FileSystemInfo entry)
    {
        if (entry.LinkTarget is { } target)
        {
            return $"link {target}";
        }
        using var stream = File.OpenRead(entry.FullName);
        var executable = !OperatingSystem.IsWindows() && (entry.UnixFileMode & UnixFileMode.UserExecute) != 0;
        return $"{(executable ? "executable" : "file")} {Convert.ToHexStringLower(SHA256.HashData(stream))}";
    }
}
