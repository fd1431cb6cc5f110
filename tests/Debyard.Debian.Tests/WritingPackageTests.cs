using System.Text;
using Debyard.Debian.Control;
using Debyard.Debian.Packages;

namespace Debyard.Debian.Tests;

public sealed class WritingPackageTests : IDisposable
{
    static readonly DateTimeOffset epoch = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    static readonly Stanza control = Stanza.Parse(
        """
        Package: streamer
        Version: 1:1.2-3
        Architecture: all
        Maintainer: Streamer Team <team@example.org>
        Section: net
        Priority: optional
        Depends: lua5.4
        Description: small HTTP media server
         Serves a file with range requests, and an HLS playlist over it.
        """
    );

    readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData(DebCompression.GZip)]
    [InlineData(DebCompression.Xz)]
    [InlineData(DebCompression.Zstd)]
    [InlineData(DebCompression.None)]
    public async Task Dpkg_deb_accepts_a_written_package(DebCompression compression)
    {
        var deb = await WriteAsync(Streamer(compression));

        Golden.Equal(Tool.Run("dpkg-deb", "--contents", deb), "streamer.contents");
        Golden.Equal(Tool.Run("dpkg-deb", "--field", deb), "streamer.control");
        foreach (var file in new[] { "conffiles", "md5sums", "postinst" })
            Golden.Equal(Tool.Run("dpkg-deb", "--info", deb, file), $"streamer.{file}");
        Tool.Run("dpkg-deb", "--raw-extract", deb, folder["extracted"]);
        Assert.Equal(new string('x', 3000), File.ReadAllText(folder["extracted/usr/share/streamer/media.bin"]));
        Assert.Equal("../share/streamer/main.lua", new FileInfo(folder["extracted/usr/bin/streamer-main"]).LinkTarget);
        Assert.Equal(DebFileEntry.Executable, new FileInfo(folder["extracted/DEBIAN/postinst"]).UnixFileMode);
    }

    [Theory]
    [InlineData(DebCompression.GZip)]
    [InlineData(DebCompression.Xz)]
    [InlineData(DebCompression.Zstd)]
    [InlineData(DebCompression.None)]
    public async Task The_same_entries_in_any_order_give_the_same_bytes(DebCompression compression)
    {
        var once = Streamer(compression);
        var again = new DebWriter(control, epoch)
        {
            Entries = [.. once.Entries.Reverse()],
            ControlFiles = once.ControlFiles,
            Compression = compression,
        };

        Assert.Equal(File.ReadAllBytes(await WriteAsync(once)), File.ReadAllBytes(await WriteAsync(again)));
    }

    [Theory]
    [InlineData(DebCompression.Xz)]
    [InlineData(DebCompression.Zstd)]
    public async Task The_number_of_threads_does_not_change_the_bytes(DebCompression compression)
    {
        // Several of xz's blocks at preset 1, 3 MiB each.
        var content = new byte[9_000_000];
        new Random(1).NextBytes(content.AsSpan(0, 5_000_000));
        Task<string> PackAsync(int threads) =>
            WriteAsync(
                new DebWriter(control, epoch)
                {
                    Entries = [new DebFileEntry("/media", () => new MemoryStream(content))],
                    Compression = compression,
                    Level = 1,
                    Threads = threads,
                }
            );

        var deb = await PackAsync(3);

        Assert.Equal(await File.ReadAllBytesAsync(await PackAsync(1)), await File.ReadAllBytesAsync(deb));
        Tool.Run("dpkg-deb", "--extract", deb, folder["extracted"]);
        Assert.Equal(content, await File.ReadAllBytesAsync(folder["extracted/media"]));
    }

    [Fact]
    public async Task Owners_and_second_names_of_files_are_kept()
    {
        var deb = await WriteAsync(
            new DebWriter(control, epoch)
            {
                Entries =
                [
                    DebFileEntry.OfText("/opt/a", "x") with
                    {
                        Owner = new DebOwner("www-data", 33, "adm", 4),
                    },
                    new DebHardLink("/opt/b", "/opt/a"),
                ],
            }
        );

        var listed = Tool.Run("dpkg-deb", "--contents", deb);

        Assert.Contains(" www-data/adm ", listed, StringComparison.Ordinal);
        Assert.Contains("./opt/b link to ./opt/a", listed, StringComparison.Ordinal);
        Assert.Equal("3\n", Tool.Run("dpkg-deb", "--field", deb, "Installed-Size"));
        await Refused(new DebWriter(control, epoch) { Entries = [new DebHardLink("/opt/a", "/opt/b"), DebFileEntry.OfText("/opt/b", "")] });
    }

    [Fact]
    public async Task A_file_of_the_control_archive_is_read()
    {
        await using var deb = File.OpenRead(await WriteAsync(Streamer(DebCompression.Xz)));

        Assert.Equal("#!/bin/sh\nset -e\n", await DebFile.ReadControlFileAsync(deb, "postinst"));
        deb.Position = 0;
        Assert.Null(await DebFile.ReadControlFileAsync(deb, "shlibs"));
    }

    [Fact]
    public async Task A_written_package_is_read_under_its_own_name()
    {
        var writer = Streamer(DebCompression.GZip);
        await using var deb = File.OpenRead(await WriteAsync(writer));

        var read = await DebFile.ReadControlAsync(deb);

        Assert.Equal("streamer_1.2-3_all.deb", writer.FileName.ToString());
        DebFile.CheckName(read, writer.FileName);
        Assert.Equal(control, read.Without("Installed-Size"));
    }

    [Fact]
    public async Task Long_and_non_ASCII_paths_are_preserved()
    {
        var path = $"/opt/{string.Concat(Enumerable.Repeat("a-rather-long-folder/", 20))}größe";
        var target = new string('t', 300);
        var deb = await WriteAsync(
            new DebWriter(control, epoch) { Entries = [DebFileEntry.OfText(path, "x"), new DebSymlink("/opt/link", target)] }
        );

        Tool.Run("dpkg-deb", "--extract", deb, folder["extracted"]);

        Assert.Equal("x", File.ReadAllText(folder["extracted" + path]));
        Assert.Equal(target, new FileInfo(folder["extracted/opt/link"]).LinkTarget);
    }

    [Fact]
    public async Task Installed_size_is_computed_as_dpkg_does()
    {
        var deb = await WriteAsync(Streamer(DebCompression.GZip));

        // As dpkg-gencontrol computes it: 12 folders and a link of 1 KiB each, a file of 3 KiB, 4 files of less than 1 KiB.
        Assert.Equal("20\n", Tool.Run("dpkg-deb", "--field", deb, "Installed-Size"));
    }

    [Theory]
    [InlineData("/usr/../etc/passwd")]
    [InlineData("usr/bin/tool")]
    [InlineData("/usr//bin")]
    [InlineData("/")]
    [InlineData("/a\nb")]
    public async Task An_invalid_path_is_refused(string path)
    {
        var fault = await Refused(new DebWriter(control, epoch) { Entries = [DebFileEntry.OfText(path, "")] });
        Assert.Contains("path", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Entries_that_contradict_each_other_are_refused_before_anything_is_written()
    {
        await Refused(new DebWriter(control, epoch) { Entries = [DebFileEntry.OfText("/a", ""), DebFileEntry.OfText("/a", "")] });
        await Refused(new DebWriter(control, epoch) { Entries = [DebFileEntry.OfText("/a", ""), DebFileEntry.OfText("/a/b", "")] });
        await Refused(new DebWriter(control, epoch) { Entries = [new DebSymlink("/lib", "usr/lib"), DebFileEntry.OfText("/lib/b", "")] });
        await Refused(new DebWriter(control, epoch) { Entries = [new DebSymlink("/lib", "")] });
        await Refused(new DebWriter(control, epoch) { ControlFiles = new Dictionary<string, string> { ["postisnt"] = "" } });
        await Refused(new DebWriter(control.Without("Maintainer"), epoch));
    }

    static async Task<DebianFormatException> Refused(DebWriter writer)
    {
        var output = new MemoryStream();
        var fault = await Assert.ThrowsAsync<DebianFormatException>(() => writer.WriteAsync(output));
        Assert.Equal(0, output.Length);
        return fault;
    }

    static DebWriter Streamer(DebCompression compression) =>
        new(control, epoch)
        {
            Compression = compression,
            Entries =
            [
                DebFileEntry.OfText(
                    "/usr/bin/streamer",
                    "#!/bin/sh\nexec lua5.4 /usr/share/streamer/main.lua \"$@\"\n",
                    DebFileEntry.Executable
                ),
                DebFileEntry.OfText("/usr/share/streamer/main.lua", "print('hello')\n"),
                new DebFileEntry("/usr/share/streamer/media.bin", () => new MemoryStream(Encoding.ASCII.GetBytes(new string('x', 3000)))),
                DebFileEntry.OfText("/etc/streamer/streamer.conf", "port = 8080\n", isConffile: true),
                DebFileEntry.OfText("/usr/share/doc/streamer/copyright", "Copyright: 2025 Streamer Team\nLicense: MIT\n"),
                new DebSymlink("/usr/bin/streamer-main", "../share/streamer/main.lua"),
                new DebDirectory("/var/lib/streamer", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute),
            ],
            ControlFiles = new Dictionary<string, string> { ["postinst"] = "#!/bin/sh\nset -e\n" },
        };

    async Task<string> WriteAsync(DebWriter writer)
    {
        var path = folder[Path.GetRandomFileName() + ".deb"];
        await using var output = File.Create(path);
        await writer.WriteAsync(output);
        return path;
    }

    public void Dispose() => folder.Dispose();
}
