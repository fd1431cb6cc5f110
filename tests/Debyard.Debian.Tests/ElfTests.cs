using Debyard.Debian.Binaries;
using Debyard.Debian.Names;

namespace Debyard.Debian.Tests;

public sealed class ElfTests
{
    [Fact]
    public void A_program_names_its_machine()
    {
        var start = new byte[Elf.HeaderSize];
        using (var program = File.OpenRead(Environment.ProcessPath!))
            program.ReadExactly(start);

        Assert.True(Elf.TryRead(start, out var elf));
        var architecture = Architecture.Parse(Tool.Run("dpkg", "--print-architecture").Trim());
        Assert.Equal(Elf.MachineOf(architecture), elf.Machine);
    }

    [Fact]
    public void Both_byte_orders_are_read()
    {
        byte[] start = [0x7f, (byte)'E', (byte)'L', (byte)'F', 1, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 8];
        Assert.True(Elf.TryRead(start, out var elf));
        Assert.Equal(new Elf(8, 32, IsLittleEndian: false), elf);
    }

    [Theory]
    [InlineData("")]
    [InlineData("#!/bin/sh\necho hello world\n")]
    [InlineData("\u007fELF")]
    [InlineData("\u007fELFxxxxxxxxxxxxxxxx")]
    public void A_file_that_is_not_ELF_is_recognised(string start) =>
        Assert.False(Elf.TryRead(System.Text.Encoding.Latin1.GetBytes(start), out _));
}
