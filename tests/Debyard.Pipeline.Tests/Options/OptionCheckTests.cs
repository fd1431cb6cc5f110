using System.ComponentModel.DataAnnotations;
using Debyard.Pipeline.Options;

namespace Debyard.Pipeline.Tests.Options;

/// <summary>Mistakes on the command line stop the build before anything runs.</summary>
public sealed class OptionCheckTests
{
    static readonly IReadOnlyList<DeclaredOption> options =
    [
        new("--branch", typeof(string)),
        new("--repository-url", typeof(string)),
        new("--architectures", typeof(string[])),
        new("--jobs", typeof(int?), new RangeAttribute(1, 1024)),
        new("--keep-going", typeof(bool)),
        new("--verbosity", typeof(DayOfWeek)),
    ];

    [Theory]
    [InlineData("")]
    [InlineData("Setup Pipeline")]
    [InlineData("Pipeline --branch feature/q")]
    [InlineData("Pipeline --Repository-URL http://x/ -jobs 4 --keep-going")]
    [InlineData("--repositoryurl http://x/")]
    [InlineData("--keep-going true --verbosity monday")]
    [InlineData("--architectures amd64 arm64 --jobs 1024")]
    [InlineData("--architectures")]
    public void A_correct_command_line_has_no_mistakes(string arguments) => Assert.Empty(MistakesOf(arguments));

    [Theory]
    [InlineData("Pipeline --brnach feature/q", "There is no option --brnach; did you mean --branch?")]
    [InlineData("Pipeline --colour", "There is no option --colour; run ./build.sh --help for a list of all options.")]
    [InlineData("--branch=main", "--branch=main: write the value as a word of its own: --branch main")]
    [InlineData("--branch", "--branch needs a value.")]
    [InlineData("--branch --jobs 1", "--branch needs a value.")]
    [InlineData("--branch a b", "--branch takes one value, but there are 2: a b. Targets come before the first option.")]
    [InlineData("--jobs abc", "--jobs: 'abc' is not a whole number.")]
    [InlineData("--jobs 0", "--jobs: 0 is not between 1 and 1024.")]
    [InlineData("--jobs -1", "--jobs: -1 is not between 1 and 1024.")]
    [InlineData("--jobs 99999999999", "--jobs: '99999999999' is not a whole number.")]
    [InlineData("--verbosity mondya", "--verbosity: 'mondya' is not a valid value; did you mean 'monday'?")]
    [InlineData(
        "--keep-going Pipeline",
        "--keep-going takes no value, but 'Pipeline' follows it. Targets come before the first option: Pipeline --keep-going"
    )]
    [InlineData(
        "--keep-going Setup Pipeline",
        "--keep-going takes no value. Targets come before the first option: Setup Pipeline --keep-going"
    )]
    public void A_mistake_is_named_with_its_remedy(string arguments, string mistake) =>
        Assert.Equal(mistake, Assert.Single(MistakesOf(arguments)));

    [Fact]
    public void All_mistakes_are_found_at_once() =>
        Assert.Equal(
            ["There is no option --brnach; did you mean --branch?", "--jobs: 'x' is not a whole number."],
            MistakesOf("Pipeline --brnach main --jobs x")
        );

    static IReadOnlyList<string> MistakesOf(string arguments) =>
        OptionCheck.Mistakes(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), options);
}
