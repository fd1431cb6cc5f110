using System.Security.Cryptography;
using System.Text.Json;
using Debyard.Debian.Control;
using Debyard.Debian.Packages;
using FsCheck;
using FsCheck.Fluent;

namespace Debyard.Debian.Tests;

/// <summary>python-debian and dpkg-deb read of generated packages what was written.</summary>
public sealed class PackageReadersTests : IDisposable
{
    const string Python = """
        import sys, json, hashlib
        from debian.debfile import DebFile
        for path in sys.argv[1:]:
            deb = DebFile(path)
            entries = []
            for member in deb.data.tgz():
                content = deb.data.tgz().extractfile(member).read() if member.isfile() else b""
                entries.append([member.name, oct(member.mode), member.uname, member.gname, member.mtime, member.linkname,
                                hashlib.sha256(content).hexdigest()])
            scripts = {name: text.decode() for name, text in deb.scripts().items()}
            print(json.dumps({"control": str(deb.debcontrol()), "scripts": scripts, "entries": entries}))
        """;

    static readonly DateTimeOffset epoch = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    static readonly UnixFileMode[] modes = [DebFileEntry.Plain, DebFileEntry.Executable, (UnixFileMode)0x1a0, (UnixFileMode)0x9ed];

    static readonly Gen<DebEntry> entry =
        from folder in Gen.Elements("/opt/a", "/opt/a b", "/etc/ü", "/usr/share/" + new string('l', 120))
        from name in Generated.Text("abc-_é", 1, 12)
        from kind in Gen.Choose(0, 3)
        from mode in Gen.Elements(modes)
        from size in Gen.Choose(0, 2000)
        from owner in Gen.Elements(DebOwner.Root, new DebOwner("www-data", 33, "adm", 4))
        let path = $"{folder}/{name}"
        select kind switch
        {
            0 => new DebSymlink(path, "../" + name) { Owner = owner },
            1 => (DebEntry)new DebDirectory(path, mode) { Owner = owner },
            _ => new DebFileEntry(path, () => new MemoryStream(new byte[size]), mode) { Owner = owner },
        };

    static readonly Gen<DebWriter> package =
        from entries in Gen.ListOf(entry)
        from compression in Gen.Elements(Enum.GetValues<DebCompression>())
        select new DebWriter(
            Stanza.Parse("Package: pp\nVersion: 1.0-1\nArchitecture: all\nMaintainer: A <a@example.org>\nDescription: p\n A package.\n"),
            epoch
        )
        {
            Entries = [.. entries.DistinctBy(entry => entry.Path)],
            Compression = compression,
            ControlFiles = new Dictionary<string, string> { ["postinst"] = "#!/bin/sh\nset -e\n" },
        };

    readonly TemporaryFolder folder = new();

    [Fact]
    public async Task Python_debian_and_dpkg_deb_agree_with_what_is_written()
    {
        var writers = Generated.Sample(package, 40);
        var files = new List<string>();
        foreach (var writer in writers)
        {
            files.Add(folder[$"{files.Count}.deb"]);
            await using var output = File.Create(files[^1]);
            await writer.WriteAsync(output);
        }
        // python-debian for Debian 12 does not read zstd by itself; dpkg-deb does.
        var readable = files.Zip(writers).Where(pair => pair.Second.Compression != DebCompression.Zstd).ToList();
        var read = Tool.Run("/usr/bin/python3", ["-c", Python, .. readable.Select(pair => pair.First)])
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(readable.Count, read.Length);
        foreach (var (line, (_, writer)) in read.Zip(readable))
        {
            var deb = JsonDocument.Parse(line).RootElement;
            Assert.Equal("#!/bin/sh\nset -e\n", deb.GetProperty("scripts").GetProperty("postinst").GetString());
            Assert.Contains("Description: p\n A package.\n", deb.GetProperty("control").GetString(), StringComparison.Ordinal);
            var written = writer.Entries.Select(Expected).Order(StringComparer.Ordinal);
            var paths = writer.Entries.Select(entry => "." + entry.Path).ToHashSet();
            var found = deb.GetProperty("entries")
                .EnumerateArray()
                .Where(values => paths.Contains(values[0].GetString()!))
                .Select(values => string.Join('|', values.EnumerateArray()));
            Assert.Equal(written, found.Order(StringComparer.Ordinal));
        }
        foreach (var (file, writer) in files.Zip(writers))
        {
            var listed = Tool.Run("dpkg-deb", "--contents", file).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.All(
                writer.Entries,
                entry =>
                    Assert.Contains(
                        listed,
                        line => Path.TrimEndingDirectorySeparator(line.Split(" -> ")[0]).EndsWith(entry.Path, StringComparison.Ordinal)
                    )
            );
        }
    }

    static string Expected(DebEntry entry)
    {
        var (mode, link, content) = entry switch
        {
            DebSymlink symlink => (0x1ff, symlink.Target, []),
            DebDirectory directory => ((int)directory.Mode, "", []),
            DebFileEntry file => ((int)file.Mode, "", Content(file)),
            _ => throw new InvalidOperationException(),
        };
        return $".{entry.Path}|0o{Convert.ToString(mode, 8)}|{entry.Owner.User}|{entry.Owner.Group}|1700000000|{link}|"
            + Convert.ToHexStringLower(SHA256.HashData(content));
    }

    static byte[] Content(DebFileEntry file)
    {
        using var content = (MemoryStream)file.Open();
        return content.ToArray();
    }

    public void Dispose() => folder.Dispose();
}
