global using FamilyAssistant.Operator.Api;
