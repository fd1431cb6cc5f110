using Debyard.Debian;
using Debyard.Debian.Control;
using Debyard.Debian.Packages;

namespace Debyard.Pipeline.Packing;

/// <summary>Makes the <c>.deb</c> files of a tree: the package, and that of its debug symbols. Needs no other program.</summary>
public static class Packer
{
    // Debian 12 has both since systemd 251; systemd itself provides the second.
    const string Sysusers = "systemd | systemd-standalone-sysusers | systemd-sysusers";

    /// <param name="job">What to make.</param>
    /// <param name="tree">What it installs; the manifest's contents and generated files are added to it.</param>
    /// <param name="libraries">The packages whose libraries its binaries were linked with; null: unknown.</param>
    /// <param name="folder">Where the packages go.</param>
    /// <param name="cancellation">Leaves an incomplete file.</param>
    /// <returns>The paths of the packages.</returns>
    /// <exception cref="PipelineException">Something in the section or the tree is wrong; the message begins with the line.</exception>
    public static async Task<IReadOnlyList<string>> PackAsync(
        PackJob job,
        PackTree tree,
        KnownLibraries? libraries,
        string folder,
        CancellationToken cancellation
    )
    {
        var accounts = new Accounts(job);
        new PackContents(job, tree, accounts).Apply();
        accounts.Check(tree);
        var binaries = await TreeBinary.OfAsync(tree, cancellation);
        var symbols = DebugSymbols.Split(job, tree, binaries);
        var shared = new SharedLibraries(job, binaries, tree, libraries);
        var scripts = new MaintainerScripts(job, tree, accounts);
        var control = ControlData.Of(job, scripts.NeedsSysusers ? [Sysusers] : [], shared.Depends);
        new Documentation(job, tree, control.Required("Maintainer")).Add();
        if (tree.WrongLink() is { } wrong)
        {
            throw job.Wrong(wrong);
        }

        var controlFiles = scripts.Render();
        if (shared.Shlibs() is { Length: > 0 } shlibs)
        {
            controlFiles.Add("shlibs", shlibs);
        }
        if (shared.NeedLdconfig)
        {
            controlFiles.Add("triggers", "activate-noawait ldconfig\n");
        }
        var files = new List<string> { await WriteAsync(job, control, tree, controlFiles, folder, cancellation) };
        if (symbols is { } debug)
        {
            var fields = DebugSymbols.Control(job, control, debug.BuildIds);
            files.Add(await WriteAsync(job, fields, debug.Tree, new Dictionary<string, string>(), folder, cancellation));
        }
        return files;
    }

    static async Task<string> WriteAsync(
        PackJob job,
        Stanza control,
        PackTree tree,
        IReadOnlyDictionary<string, string> controlFiles,
        string folder,
        CancellationToken cancellation
    )
    {
        var writer = new DebWriter(control, job.Time ?? DateTimeOffset.UnixEpoch)
        {
            Entries = tree.Entries,
            ControlFiles = controlFiles,
            Compression = job.Section.Compression,
            Level = job.Section.Level,
            Threads = Environment.ProcessorCount,
        };
        try
        {
            var path = Path.Combine(folder, writer.FileName.ToString());
            await using var output = File.Create(path);
            await writer.WriteAsync(output, cancellation);
            return path;
        }
        catch (DebianFormatException exception)
        {
            throw job.Wrong(exception.Message.TrimEnd('.'));
        }
    }
}
