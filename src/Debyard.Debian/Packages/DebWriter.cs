using System.Diagnostics;
using System.Formats.Tar;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Debyard.Debian.Compression;
using Debyard.Debian.Control;
using Debyard.Debian.Names;
using Debyard.Debian.Streams;

namespace Debyard.Debian.Packages;

/// <summary>
/// Writes a reproducible .deb without dpkg: the same input gives the same bytes. Entries are sorted by path, owned by root, and share one
/// modification time.
/// </summary>
/// <param name="control">
/// Must contain Package, Version, Architecture, Maintainer and Description. <c>Installed-Size</c> is added if it is missing.
/// </param>
/// <param name="modified">The modification time of every entry, in whole seconds: <c>SOURCE_DATE_EPOCH</c>.</param>
public sealed class DebWriter(Stanza control, DateTimeOffset modified)
{
    // The permissions of a symbolic link have no effect; file systems show 0777.
    const UnixFileMode anyone = DebFileEntry.Executable | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    static readonly UTF8Encoding utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // deb(5), deb-preinst(5) and related pages: the files that dpkg knows in the control archive, except those that this class generates.
    static readonly string[] scripts = ["config", "postinst", "postrm", "preinst", "prerm"];
    static readonly string[] data = ["shlibs", "symbols", "templates", "triggers"];

    /// <summary>The files, folders and links that the package installs.</summary>
    public IReadOnlyCollection<DebEntry> Entries { get; init; } = [];

    /// <summary>
    /// Maintainer scripts (<c>preinst postinst prerm postrm config</c>), and <c>triggers shlibs symbols templates</c>, by name.
    /// </summary>
    public IReadOnlyDictionary<string, string> ControlFiles { get; init; } = new Dictionary<string, string>();

    public DebCompression Compression { get; init; } = DebCompression.GZip;

    /// <summary>0 to 9 for gzip and xz, 1 to 19 for zstd; null: 6, 6 and 3.</summary>
    public int? Level { get; init; }

    /// <summary>How many threads xz and zstd may use. The output does not depend on it.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The name that the package's file must have.</summary>
    public DebFileName FileName => DebFileName.For(control);

    /// <summary>Writes the package at the current position of the output.</summary>
    /// <param name="output">Must be seekable, because the size of a member precedes it. It stays open.</param>
    /// <param name="cancellation">Leaves an incomplete package in the output.</param>
    /// <exception cref="DebianFormatException">The control data or the entries are invalid; nothing was written.</exception>
    public async Task WriteAsync(Stream output, CancellationToken cancellation = default)
    {
        if (!output.CanSeek)
            throw new ArgumentException("The output must be seekable.", nameof(output));
        foreach (var field in new[] { "Package", "Version", "Architecture", "Maintainer", "Description" })
            _ = control.Required(field);
        _ = FileName;
        var tree = InstalledTree.Of(Entries);
        var controlTree = await ControlTreeAsync(tree, cancellation);

        await output.WriteAsync(Encoding.ASCII.GetBytes(ArMember.Magic), cancellation);
        await WriteMemberAsync(
            output,
            "debian-binary",
            version => version.WriteAsync("2.0\n"u8.ToArray(), cancellation).AsTask(),
            cancellation
        );
        await WriteMemberAsync(output, "control.tar" + Extension, member => WriteTarAsync(controlTree, member, cancellation), cancellation);
        await WriteMemberAsync(output, "data.tar" + Extension, member => WriteTarAsync(tree, member, cancellation), cancellation);
    }

    string Extension =>
        Compression switch
        {
            DebCompression.GZip => ".gz",
            DebCompression.Xz => ".xz",
            DebCompression.Zstd => ".zst",
            DebCompression.None => "",
            _ => throw new UnreachableException(),
        };

    Stream Compressed(Stream output) =>
        Compression switch
        {
            DebCompression.Xz => Xz.CompressBlocks(output, Threads, Level ?? Xz.DefaultPreset),
            DebCompression.Zstd => Zstandard.Compress(output, Threads, Level ?? Zstandard.DefaultLevel),
            DebCompression.None => new PassingStream(output),
            _ => GZip.Compress(output, GZip.LevelOf(Level ?? 6)),
        };

    async Task<SortedDictionary<string, DebEntry>> ControlTreeAsync(SortedDictionary<string, DebEntry> tree, CancellationToken cancellation)
    {
        var (md5sums, installedSize) = await MeasureAsync(tree, cancellation);
        var conffiles = string.Concat(
            tree.Where(entry => entry.Value is DebFileEntry { IsConffile: true }).Select(entry => entry.Key[1..] + "\n")
        );
        var complete = control["Installed-Size"] is null
            ? control.With("Installed-Size", installedSize.ToString(CultureInfo.InvariantCulture))
            : control;

        var files = new List<DebEntry> { File("control", complete.ToString(), DebFileEntry.Plain) };
        if (md5sums.Length > 0)
            files.Add(File("md5sums", md5sums, DebFileEntry.Plain));
        if (conffiles.Length > 0)
            files.Add(File("conffiles", conffiles, DebFileEntry.Plain));
        foreach (var (name, content) in ControlFiles)
        {
            var mode =
                scripts.Contains(name) ? DebFileEntry.Executable
                : data.Contains(name) ? DebFileEntry.Plain
                : throw new DebianFormatException(
                    $"'{name}' is not a control file that dpkg knows: use one of {string.Join(", ", [.. scripts, .. data])}."
                );
            files.Add(File(name, content, mode));
        }
        return InstalledTree.Of(files);

        static DebFileEntry File(string name, string content, UnixFileMode mode) =>
            new("/" + name, () => new MemoryStream(utf8.GetBytes(content)), mode);
    }

    // Installed-Size (Debian Policy 5.6.20), as dpkg-gencontrol computes it: files rounded up to KiB, 1 KiB for anything else. A second
    // name of a file takes no space.
    static async Task<(string Md5sums, long InstalledSize)> MeasureAsync(
        SortedDictionary<string, DebEntry> tree,
        CancellationToken cancellation
    )
    {
        var md5sums = new StringBuilder();
        long installedSize = 0;
        foreach (var (path, entry) in tree)
        {
            if (entry is DebHardLink)
                continue;
            if (entry is not DebFileEntry file)
            {
                installedSize++;
                continue;
            }
            await using var content = file.Open();
            using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
            var buffer = new byte[256 * 1024];
            long size = 0;
            while (await content.ReadAsync(buffer, cancellation) is var count && count > 0)
            {
                md5.AppendData(buffer, 0, count);
                size += count;
            }
            installedSize += (size + 1023) / 1024;
            // dh_md5sums leaves conffiles out, because administrators may change them.
            if (!file.IsConffile)
                md5sums.Append(CultureInfo.InvariantCulture, $"{Convert.ToHexStringLower(md5.GetHashAndReset())}  {path[2..]}\n");
        }
        return (md5sums.ToString(), installedSize);
    }

    async Task WriteMemberAsync(Stream output, string name, Func<Stream, Task> write, CancellationToken cancellation)
    {
        var headerAt = output.Position;
        await output.WriteAsync(new ArMember(name, 0).Render(modified), cancellation);
        await write(output);
        var end = output.Position;
        var member = new ArMember(name, end - headerAt - ArMember.HeaderSize);
        if (member.PaddedSize > member.Size)
            await output.WriteAsync("\n"u8.ToArray(), cancellation);
        end = output.Position;
        output.Position = headerAt;
        await output.WriteAsync(member.Render(modified), cancellation);
        output.Position = end;
    }

    async Task WriteTarAsync(SortedDictionary<string, DebEntry> tree, Stream member, CancellationToken cancellation)
    {
        await using var compressed = Compressed(member);
        // deb(5): dpkg reads the GNU format, which has no limit on name length, but not pax.
        await using var tar = new TarWriter(compressed, TarEntryFormat.Gnu, leaveOpen: true);
        foreach (var (path, entry) in tree)
        {
            var written = entry switch
            {
                DebFileEntry file => new GnuTarEntry(TarEntryType.RegularFile, path) { Mode = file.Mode, DataStream = file.Open() },
                DebHardLink link => new GnuTarEntry(TarEntryType.HardLink, path) { Mode = anyone, LinkName = "." + link.Target },
                DebSymlink link => new GnuTarEntry(TarEntryType.SymbolicLink, path) { Mode = anyone, LinkName = link.Target },
                DebDirectory folder => new GnuTarEntry(TarEntryType.Directory, path + "/") { Mode = folder.Mode },
                _ => throw new UnreachableException(),
            };
            written.ModificationTime = modified;
            (written.UserName, written.Uid) = (entry.Owner.User, entry.Owner.Uid);
            (written.GroupName, written.Gid) = (entry.Owner.Group, entry.Owner.Gid);
            await using var content = written.DataStream ?? Stream.Null;
            await tar.WriteEntryAsync(written, cancellation);
        }
    }
}
