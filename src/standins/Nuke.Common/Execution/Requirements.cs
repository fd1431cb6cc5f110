using System.Linq.Expressions;
using System.Reflection;
using Nuke.Common.Parameters;
using Nuke.Common.ValueInjection;

namespace Nuke.Common.Execution;

/// <summary>What targets and <see cref="RequiredAttribute"/> ask for, checked before any target runs.</summary>
static class Requirements
{
    public static void Check(NukeBuild build)
    {
        foreach (var target in build.ScheduledTargets)
        {
            foreach (var requirement in target.DelegateRequirements)
            {
                if (requirement is Expression<Func<bool>> condition)
                    Assert.True(condition.Compile()(), $"Target '{target.Name}' requires '{condition.Body}'");
                else if (IsMissing(MemberOf(requirement), build, $"from target '{target.Name}' "))
                    Assert.Fail($"Target '{target.Name}' requires member '{NameOf(MemberOf(requirement))}' to be not null or empty");
            }
        }

        foreach (var (member, _) in ParameterInjection.Members(build.GetType()))
        {
            if (member.IsDefined(typeof(RequiredAttribute)) && IsMissing(member, build, ""))
                Assert.Fail($"Member '{NameOf(member)}' is required to be not null or empty");
        }
    }

    static bool IsMissing(MemberInfo member, NukeBuild build, string from)
    {
        if (member.DeclaringType != build.GetType() && build.GetType().GetMember(member.Name) is [var implementation])
            member = implementation;
        Assert.True(
            member.IsDefined(typeof(ValueInjectionAttributeBase)),
            $"Member '{NameOf(member)}' is required {from}but not marked with an injection attribute."
        );

        if (NukeBuild.Host is Terminal)
            Ask(member, build);
        var value = ValueOf(member, build);
        return value is string text ? string.IsNullOrWhiteSpace(text) : value == null;
    }

    static void Ask(MemberInfo member, NukeBuild build)
    {
        if (member.GetCustomAttribute<ParameterAttribute>() is not { } attribute || member is PropertyInfo { CanWrite: false })
            return;

        var parameter = new ParameterMember(member, attribute);
        var question = $"{parameter.Description ?? parameter.Name}:";
        while (ValueOf(member, build) == null)
        {
            var answer = parameter.ScalarType.IsEnum
                ? Prompt.ForChoice(question, [.. Enum.GetNames(parameter.ScalarType).Order()])
                : Prompt.ForInput(question);
            if (answer != null)
                ParameterInjection.Set(member, build, ParameterValue.Convert([answer], parameter.Type, emptyBoolean: false));
        }
    }

    static MemberInfo MemberOf(LambdaExpression requirement) =>
        ((MemberExpression)(requirement.Body is UnaryExpression conversion ? conversion.Operand : requirement.Body)).Member;

    static object ValueOf(MemberInfo member, object instance) =>
        member is FieldInfo field ? field.GetValue(instance) : ((PropertyInfo)member).GetValue(instance);

    static string NameOf(MemberInfo member) =>
        member.GetCustomAttribute<ParameterAttribute>() is { } attribute ? new ParameterMember(member, attribute).Name : member.Name;
}
