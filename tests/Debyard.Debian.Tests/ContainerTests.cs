using System.Formats.Tar;
using System.Globalization;
using System.Text;
using Debyard.Debian.Compression;
using Debyard.Debian.Packages;

namespace Debyard.Debian.Tests;

/// <summary>Packages put together by hand: most with one fault, which is the name of the test.</summary>
public sealed class ContainerTests
{
    static readonly byte[] version = "2.0\n"u8.ToArray();
    static readonly byte[] control = Tar(("./control", "Package: ab\nVersion: 1\nArchitecture: all\n"u8.ToArray()));
    static readonly byte[] data = Tar();

    [Fact]
    public async Task Members_that_a_reader_need_not_know_are_passed_over()
    {
        var deb = Ar(
            ("debian-binary", "2.7\nmore\n"u8.ToArray()),
            ("_x", [1]),
            ("control.tar/", control),
            ("_y", [1, 2, 3]),
            ("data.tar", data),
            ("z", [1])
        );
        Assert.Equal("ab", (await DebFile.ReadControlAsync(new MemoryStream(deb)))["Package"]);
        Assert.Equal("ab", (await DebFile.ReadControlAsync(new OneWayStream(deb)))["Package"]);
    }

    [Fact]
    public async Task The_installed_files_can_be_read_too()
    {
        var deb = Ar(("debian-binary", version), ("control.tar", control), ("data.tar", Tar(("./usr/bin/tool", "#!"u8.ToArray()))));
        await using var source = new OneWayStream(deb);
        await using var reader = new TarReader(await DebFile.OpenDataAsync(source));
        Assert.Equal("./", (await reader.GetNextEntryAsync())!.Name);
        Assert.Equal("./usr/bin/tool", (await reader.GetNextEntryAsync())!.Name);
    }

    [Fact]
    public Task A_file_that_is_no_archive() => Refused("does not start as an ar archive", "Package: ab\n"u8.ToArray());

    [Fact]
    public Task An_archive_of_something_else() =>
        Refused("first member is not debian-binary", Ar(("control.tar", control), ("data.tar", data)));

    [Fact]
    public Task A_format_of_the_future() =>
        Refused("not 2.x", Ar(("debian-binary", "3.0\n"u8.ToArray()), ("control.tar", control), ("data.tar", data)));

    [Fact]
    public Task No_format_at_all() => Refused("no format version", Ar(("debian-binary", []), ("control.tar", control), ("data.tar", data)));

    [Fact]
    public Task No_data() => Refused("no member data.tar", Ar(("debian-binary", version), ("control.tar", control)));

    [Fact]
    public Task Data_before_control() =>
        Refused("data.tar where control.tar", Ar(("debian-binary", version), ("data.tar", data), ("control.tar", control)));

    [Fact]
    public Task A_compression_nobody_uses() =>
        Refused("gzip, xz or zstd", Ar(("debian-binary", version), ("control.tar.bz2", control), ("data.tar", data)));

    [Fact]
    public Task Control_that_is_no_tar() =>
        Refused("control.tar", Ar(("debian-binary", version), ("control.tar", new byte[100]), ("data.tar", data)));

    [Fact]
    public Task A_control_archive_without_control() =>
        Refused("holds no file control", Ar(("debian-binary", version), ("control.tar", data), ("data.tar", data)));

    [Fact]
    public Task Control_in_another_encoding() => Refused("UTF-8", WithControl([.. "Package: ab\nMaintainer: L"u8, 0xe9, .. "a\n"u8]));

    [Fact]
    public Task Control_of_two_stanzas() => Refused("more than one", WithControl("Package: ab\n\nVersion: 1\n"u8.ToArray()));

    [Fact]
    public Task Control_without_an_architecture() => Refused("no Architecture", WithControl("Package: ab\nVersion: 1\n"u8.ToArray()));

    [Fact]
    public Task An_empty_control() => Refused("empty", WithControl([]));

    [Fact]
    public Task A_control_that_is_a_folder()
    {
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
            writer.WriteEntry(new GnuTarEntry(TarEntryType.Directory, "./control"));
        return Refused("no file", Ar(("debian-binary", version), ("control.tar", tar.ToArray()), ("data.tar", data)));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("0x10")]
    [InlineData("")]
    [InlineData("1 2")]
    public Task A_size_that_is_none(string size) =>
        Refused("declares no size", [.. Ar(("debian-binary", version)), .. Header("control.tar", size)]);

    [Fact]
    public Task A_size_beyond_the_file() =>
        Refused("cut short", [.. Ar(("debian-binary", version), ("control.tar", control)), .. Header("data.tar.xz", "9999999999"), 1, 2]);

    [Fact]
    public Task A_control_archive_larger_than_any() =>
        Refused("16 MiB", [.. Ar(("debian-binary", version)), .. Header("control.tar", "9999999999"), 1, 2]);

    [Theory]
    [InlineData(".gz")]
    [InlineData(".xz")]
    public async Task A_control_archive_that_unpacks_without_end(string extension)
    {
        var packed = new MemoryStream();
        await using (var stream = extension == ".xz" ? Xz.Compress(packed, 1) : GZip.Compress(packed))
        {
            for (var i = 0; i < 64; i++)
                await stream.WriteAsync(new byte[1024 * 1024]);
        }
        await Refused("16 MiB", Ar(("debian-binary", version), ("control.tar" + extension, packed.ToArray()), ("data.tar", data)));
    }

    static async Task Refused(string part, byte[] deb)
    {
        foreach (Stream stream in new Stream[] { new MemoryStream(deb), new OneWayStream(deb) })
        {
            var fault = await Assert.ThrowsAsync<DebianFormatException>(() => DebFile.ReadControlAsync(stream));
            Assert.Contains(part, fault.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', fault.Message);
            Assert.EndsWith(".", fault.Message, StringComparison.Ordinal);
        }
    }

    static byte[] WithControl(byte[] content) =>
        Ar(("debian-binary", version), ("control.tar", Tar(("./control", content))), ("data.tar", data));

    static byte[] Ar(params (string Name, byte[] Content)[] members) =>
        [
            .. "!<arch>\n"u8,
            .. members.SelectMany(member =>
                (byte[])
                    [
                        .. Header(member.Name, member.Content.Length.ToString(CultureInfo.InvariantCulture)),
                        .. member.Content,
                        .. new string('\n', member.Content.Length % 2).Select(end => (byte)end),
                    ]
            ),
        ];

    static byte[] Header(string name, string size) =>
        Encoding.ASCII.GetBytes($"{name, -16}{0, -12}{0, -6}{0, -6}{"100644", -8}{size, -10}`\n");

    static byte[] Tar(params (string Name, byte[] Content)[] files)
    {
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            writer.WriteEntry(new GnuTarEntry(TarEntryType.Directory, "./"));
            foreach (var (name, content) in files)
                writer.WriteEntry(new GnuTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
        }
        return tar.ToArray();
    }
}
