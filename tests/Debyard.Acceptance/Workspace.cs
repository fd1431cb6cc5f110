using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Debyard.Acceptance;

/// <summary>A product's folder and a folder for temporary files, both of a test's own.</summary>
class Workspace : IDisposable
{
    readonly TemporaryFolder folder = new();

    public Workspace()
    {
        Directory.CreateDirectory(Temporary);
        Directory.CreateDirectory(Root);
    }

    public string Path => folder.Path;

    public string Root => folder["product"];

    public string Temporary => folder["temporary"];

    public string this[string path] => System.IO.Path.Combine(Root, path);

    /// <summary>Added to the environment of every run.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>Makes the product's folder a clone of this project, with its history.</summary>
    public Task CloneProjectAsync() => Tool.RunAsync("git", "clone", "--quiet", ProjectFolder(), Root);

    public BuildProcess Start(params string[] arguments) => BuildProcess.Start(Root, Temporary, Environment, arguments);

    public async Task<Outcome> RunAsync(params string[] arguments)
    {
        await using var process = Start(arguments);
        return await process.EndAsync();
    }

    public async Task<Outcome> RunOnTerminalAsync(params string[] arguments)
    {
        await using var process = BuildProcess.StartOnTerminal(Root, Temporary, Environment, arguments);
        return await process.EndAsync();
    }

    /// <summary>Every file a client of the repository can see, with its digest, one a line.</summary>
    public string Published => string.Join('\n', PublishedFiles().Order(StringComparer.Ordinal));

    IEnumerable<string> PublishedFiles()
    {
        var repository = this["output/repository"];
        return !Directory.Exists(repository)
            ? []
            : Directory
                .EnumerateFiles(repository, "*", SearchOption.AllDirectories)
                .Select(file => (File: file, Name: System.IO.Path.GetRelativePath(repository, file)))
                .Where(file => !file.Name.Split('/').Any(part => part.StartsWith('.')))
                .Select(file => $"{file.Name} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file.File)))}");
    }

    /// <summary>Processes that work in this workspace.</summary>
    public IEnumerable<string> Processes() =>
        Directory
            .EnumerateDirectories("/proc")
            .Where(process => int.TryParse(System.IO.Path.GetFileName(process), out _))
            .Select(CommandOf)
            .Where(command => command.Contains(Path, StringComparison.Ordinal));

    static string CommandOf(string process)
    {
        try
        {
            return File.ReadAllText($"{process}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            return ""; // It has ended meanwhile.
        }
    }

    /// <summary>Files that something was in the middle of.</summary>
    public IEnumerable<string> HalfDone() =>
        !Directory.Exists(this["output"])
            ? []
            : Directory
                .EnumerateFiles(this["output"], "*", SearchOption.AllDirectories)
                .Where(file =>
                    file.EndsWith(".part", StringComparison.Ordinal)
                    || file.EndsWith(".tar", StringComparison.Ordinal)
                    || file.Split('/') is var parts
                        && (
                            parts.Contains("temporary")
                            || parts.Contains("births")
                            || parts.Contains(".pending")
                            || parts.Contains("contexts")
                        )
                    || System.IO.Path.GetDirectoryName(file)!.EndsWith(".part", StringComparison.Ordinal)
                );

    public virtual void Dispose() => folder.Dispose();

    static string ProjectFolder([CallerFilePath] string thisFile = "") =>
        System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(thisFile)!, "..", ".."));
}
