using Debyard.Pipeline.ContinuousIntegration;

namespace Debyard.Pipeline.Tests.ContinuousIntegration;

public class CiRunTests
{
    [Theory]
    [InlineData("GITLAB_CI=true CI_COMMIT_REF_NAME=feature/x CI_PROJECT_PATH=group/app CI_COMMIT_SHA=abc", "GitLab")]
    [InlineData("GITHUB_ACTIONS=true GITHUB_REF_NAME=feature/x GITHUB_REPOSITORY=group/app GITHUB_SHA=abc", "GitHub Actions")]
    [InlineData(
        "GITHUB_ACTIONS=true GITHUB_REF_NAME=12/merge GITHUB_HEAD_REF=feature/x GITHUB_REPOSITORY=group/app GITHUB_SHA=abc",
        "GitHub Actions"
    )]
    [InlineData(
        "GITEA_ACTIONS=true GITHUB_ACTIONS=true GITHUB_REF_NAME=feature/x GITHUB_REPOSITORY=group/app GITHUB_SHA=abc",
        "Gitea Actions"
    )]
    [InlineData("JENKINS_URL=http://ci/ BRANCH_NAME=feature/x GIT_URL=https://host/group/app.git GIT_COMMIT=abc", "Jenkins")]
    [InlineData("JENKINS_URL=http://ci/ BRANCH_NAME=PR-3 CHANGE_BRANCH=feature/x GIT_URL=git@host:group/app.git GIT_COMMIT=abc", "Jenkins")]
    [InlineData("JENKINS_URL=http://ci/ GIT_BRANCH=origin/feature/x GIT_URL=ssh://git@host/group/app GIT_COMMIT=abc", "Jenkins")]
    public void Branch_project_and_commit_are_recognised(string variables, string system) =>
        Assert.Equal(new CiRun(system, "feature/x", "group/app", "abc"), Recognise(variables));

    [Fact]
    public void What_a_system_does_not_say_is_unknown() =>
        Assert.Equal(new CiRun("Jenkins", null, null, null), Recognise("JENKINS_URL=http://ci/"));

    [Fact]
    public void A_person_s_terminal_is_no_CI_system() => Assert.Null(Recognise("CI_PROJECT_PATH=group/app TERM=xterm"));

    static CiRun? Recognise(string variables)
    {
        var values = variables.Split(' ').Select(variable => variable.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        return CiRun.Recognise(name => values.GetValueOrDefault(name));
    }
}
