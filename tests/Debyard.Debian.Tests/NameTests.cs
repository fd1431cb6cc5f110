using Debyard.Debian.Control;
using Debyard.Debian.Names;
using Debyard.Debian.Packages;

namespace Debyard.Debian.Tests;

public sealed class NameTests
{
    [Theory]
    [InlineData("lua5.4_5.4.4-3_amd64.deb")]
    [InlineData("libstdc++6_12.2.0-14+deb12u1_arm64.deb")]
    [InlineData("streamer_24.01~rc1_all.deb")]
    [InlineData("caffe_1.0_musl64.deb")]
    [InlineData("erlang_26.0_e2k.deb")]
    public void A_file_name_has_three_parts(string text)
    {
        var name = DebFileName.Parse(text);
        Assert.Equal(text, name.ToString());
        Assert.Equal(text, $"{name.Name}_{name.Version}_{name.Architecture}.deb");
    }

    [Theory]
    [InlineData("lua5.4_5.4.4-3.deb")]
    [InlineData("lua5.4_:5.4.4-3_amd64.deb")]
    [InlineData("lua5.4_a:5.4.4-3_amd64.deb")]
    [InlineData("lua5.4_1:5:4.4-3_amd64.deb")]
    [InlineData("lua5.4_1%3a5%3a4.4-3_amd64.deb")]
    [InlineData("lua5.4_5.4%2f4-3_amd64.deb")]
    [InlineData("lua%3a5.4_5.4.4-3_amd64.deb")]
    [InlineData("Lua_1_amd64.deb")]
    [InlineData("l_1_amd64.deb")]
    [InlineData("lua_1_amd64.udeb")]
    [InlineData("lua_1_amd64_x.deb")]
    [InlineData("lua_1_any.deb")]
    [InlineData("lua_1_source.deb")]
    [InlineData("lua_1_linux-any.deb")]
    [InlineData("../lua_1_amd64.deb")]
    [InlineData("lua_../x_amd64.deb")]
    [InlineData("lua_1_amd64.deb\n")]
    [InlineData(".deb")]
    [InlineData("")]
    public void Text_that_is_not_a_file_name_is_refused(string text)
    {
        Assert.False(DebFileName.TryParse(text, out _));
        Assert.Contains($"'{text}'", Assert.Throws<DebianFormatException>(() => DebFileName.Parse(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_name_of_a_package_leaves_the_epoch_out() =>
        Assert.Equal(
            "ab_1.0-1_amd64.deb",
            DebFileName.For(Stanza.Parse("Package: ab\nVersion: 10:1.0-1\nArchitecture: amd64\n")).ToString()
        );

    [Theory]
    [InlineData("lua5.4_1%3a5.4.4-3_amd64.deb", 1)]
    [InlineData("lua5.4_10%3A5.4.4-3_amd64.deb", 10)]
    [InlineData("lua5.4_1:5.4.4-3_amd64.deb", 1)]
    [InlineData("lua5.4_0:5.4.4-3_amd64.deb", 0)]
    [InlineData("lua5.4_5.4.4-3_amd64.deb", null)]
    public void A_file_name_with_an_epoch_is_the_name_without_it(string text, int? epoch)
    {
        var plain = DebFileName.Parse("lua5.4_5.4.4-3_amd64.deb");

        var name = DebFileName.Parse(text);

        Assert.Equal("lua5.4_5.4.4-3_amd64.deb", name.ToString());
        Assert.Equal(epoch, name.Epoch);
        Assert.Equal(plain, name);
        Assert.Equal(plain.GetHashCode(), name.GetHashCode());
    }

    [Theory]
    [InlineData("ab_2%3a1.0_amd64.deb", "2:1.0")]
    [InlineData("ab_2:1.0_amd64.deb", "2:1.0")]
    [InlineData("ab_1.0_amd64.deb", "2:1.0")]
    [InlineData("ab_0:1.0_amd64.deb", "1.0")]
    public void A_file_name_may_state_the_epoch_of_its_control_data(string text, string version) =>
        DebFile.CheckName(Stanza.Parse($"Package: ab\nVersion: {version}\nArchitecture: amd64\n"), DebFileName.Parse(text));

    [Theory]
    [InlineData("ab_1%3a1.0_amd64.deb", "2:1.0")]
    [InlineData("ab_1:1.0_amd64.deb", "1.0")]
    public void A_file_name_with_another_epoch_than_its_control_data_is_refused(string text, string version)
    {
        var control = Stanza.Parse($"Package: ab\nVersion: {version}\nArchitecture: amd64\n");
        var fault = Assert.Throws<DebianFormatException>(() => DebFile.CheckName(control, DebFileName.Parse(text)));
        Assert.Contains("epoch", fault.Message, StringComparison.Ordinal);
        Assert.Contains("rename the file to ab_1.0_amd64.deb", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Package: other\nVersion: 2:1.0\nArchitecture: amd64\n", "Package")]
    [InlineData("Package: ab\nVersion: 2:1.1\nArchitecture: amd64\n", "Version")]
    [InlineData("Package: ab\nVersion: 2:1.0\nArchitecture: arm64\n", "Architecture")]
    public void Control_data_that_contradicts_the_file_name_is_refused_with_the_field_and_the_right_name(string control, string field)
    {
        var stanza = Stanza.Parse(control);
        var fault = Assert.Throws<DebianFormatException>(() => DebFile.CheckName(stanza, DebFileName.Parse("ab_1.0_amd64.deb")));
        Assert.Contains(field, fault.Message, StringComparison.Ordinal);
        Assert.Contains(DebFileName.For(stanza).ToString(), fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Version: 1\nArchitecture: all\n", "Package")]
    [InlineData("Package: ab\nArchitecture: all\n", "Version")]
    [InlineData("Package: ab\nVersion: 1\nArchitecture:\n", "Architecture")]
    public void Control_data_without_a_required_field_is_refused(string control, string field) =>
        Assert.Contains(
            $"no {field} field",
            Assert.Throws<DebianFormatException>(() => DebFileName.For(Stanza.Parse(control))).Message,
            StringComparison.Ordinal
        );
}
