import { RISKS, type Step } from '../diagnosis.ts';

/** The risk of a step as told, or as its words say when that is worse. */
export function riskOf(text: string, told: Step['risk']): Step['risk'] {
  const seen = text.toLowerCase().split(CLAUSE_END).map(riskOfClause);
  return [told, ...seen].reduce((worst, risk) => (RISKS.indexOf(risk) > RISKS.indexOf(worst) ? risk : worst));
}

const CLAUSE_END =
  /[,;.:，。；：、()（）]|\b(?:and|then|or|by|if|before|after|while|to)\b(?!\s+(?:the|an?|its|their|any|all|recent|last)\b)|然后|接着|随后|之后|如果|或者|必要时|并且|并(?=[^发行]|$)|再(?!次)|后(?=[重回扩缩删清续更替换])/;

function riskOfClause(clause: string): Step['risk'] {
  const looks = LOOKS.test(clause);
  if (looks && PAST.test(clause)) return 'safe';
  if (DESTROYS.test(clause)) return 'dangerous';
  return !looks && CHANGES.test(clause) ? 'careful' : 'safe';
}

/** Asks whether something was done. */
const PAST = /是否|有没有|有无|被|过|记录|历史|情况/;
/** What such a clause names is looked at: the deploy, the restarts. */
const LOOKS =
  /^\s*(?:first|next|please|also|先|请|再|并)?\s*(?:check|look|see|read|compare|inspect|verify|confirm|review|find|list|view|examine|watch|ask|查看|检查|核对|确认|对比|比较|看|查|查询|观察|阅读|了解|统计|排查|分析)/;
/** Not the past forms: what was deleted is a finding. */
const DESTROYS =
  /\b(?:delet(?:e|es|ing)|remov(?:e|es|ing)|drop(?:s|ping)?|truncat(?:e|es|ing)|wip(?:e|es|ing)|eras(?:e|es|ing)|destroy(?:s|ing)?|purg(?:e|es|ing)|re-?format(?:s|ting)?|format the|forced?|forcefully|forcibly|forcing|overwrit(?:e|es|ing)|reinstall(?:s|ing)?|decommission|discard(?:s|ing)?|kill -9|rm|flushall|shred|uninstall(?:s|ing)?|reset(?:s|ting)?)\b|删除|删掉|清空|格式化|强制|强行|销毁|抹掉|抹除|丢弃|覆盖|重装|截断|卸载|重置|移除/;
const CHANGES =
  /\b(?:re-?start|re-?boot|roll(?:ing|s)? ?-?back|rollback|revert|scal(?:e|ing)|resiz|expand|extend|increas|decreas|rais(?:e|ing)|lower(?:ing)?|reduc|chang(?:e|ing)|modif|edit|patch|updat|upgrad|downgrad|deploy(?!\/)|redeploy|switch|fail ?-?over|migrat|mov(?:e|ing)|disabl|enabl|stop|start(?! with)|kill|terminat|evict|cordon|drain|clean|clear|rotat|renew|replac|set|adjust|tun(?:e|ing)|appl(?:y|ies|ying)|add|revert|recreat|flush|throttl|block|allow|grant|creat|run|execut|re-?issue|free up|vacuum|reindex|promot|pause|resum|suspend|write)|重启|重新启动|重建|重跑|回滚|回退|扩容|扩大|缩容|修改|更改|变更为|调整|调大|调小|调高|调低|更新|升级|降级|切换|切回|切走|切流|迁移|部署|发布|下线|上线|摘除|隔离|驱逐|终止|停止|停掉|停用|关闭|开启|启用|启动|禁用|清理|清除|恢复|限流|提高|提升|降低|增加|减少|设置|设为|杀掉|杀死|替换|更换|续期|轮换|新增|添加|暂停|执行|运行|回收|释放|熔断|屏蔽|放行|授权/;
